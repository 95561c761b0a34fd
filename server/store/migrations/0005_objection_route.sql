ALTER TABLE "objection" ADD COLUMN "route" text DEFAULT 'records-team' NOT NULL;--> statement-breakpoint
ALTER TABLE "objection_event" ADD COLUMN "sealed" "bytea";--> statement-breakpoint
ALTER TABLE "objection_event" DROP COLUMN "reason";