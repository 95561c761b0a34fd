CREATE TABLE "audit_event" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"id" text NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"type" text NOT NULL,
	"outcome" text NOT NULL,
	"user_key" text,
	"person_hash" text,
	"event" jsonb NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_event_id_unique" UNIQUE("id")
);
--> statement-breakpoint
CREATE TABLE "consent_answer" (
	"person_hash" text PRIMARY KEY NOT NULL,
	"practice" text NOT NULL,
	"answer" text NOT NULL,
	"answered_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "launch_grant" (
	"grant_id" text PRIMARY KEY NOT NULL,
	"context" jsonb NOT NULL,
	"person_hash" text,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "launch_handle" (
	"handle_hash" text PRIMARY KEY NOT NULL,
	"client_id" text NOT NULL,
	"context" jsonb NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"consumed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "objection" (
	"id" text PRIMARY KEY NOT NULL,
	"person_hash" text NOT NULL,
	"key_name" text NOT NULL,
	"status" text NOT NULL,
	"channel" text NOT NULL,
	"requester" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"version" integer NOT NULL,
	"sealed" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "objection_event" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"objection_id" text NOT NULL,
	"action" text NOT NULL,
	"by" text NOT NULL,
	"reason" text,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "oidc_artefact" (
	"model" text NOT NULL,
	"id_hash" text NOT NULL,
	"payload" jsonb NOT NULL,
	"grant_id" text,
	"uid_hash" text,
	"consumed_at" timestamp with time zone,
	"expires_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "profile" (
	"id" text PRIMARY KEY NOT NULL,
	"host" text NOT NULL,
	"user_id" text NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"role_self_declared" boolean NOT NULL,
	"organisation" text NOT NULL,
	"registration_body" text,
	"registration_number" text,
	"promised_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "registration_ticket" (
	"ticket_hash" text PRIMARY KEY NOT NULL,
	"context" jsonb NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "used_once" (
	"key_hash" text PRIMARY KEY NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "audit_event_person" ON "audit_event" USING btree ("person_hash","recorded_at");--> statement-breakpoint
CREATE INDEX "audit_event_user" ON "audit_event" USING btree ("user_key","recorded_at");--> statement-breakpoint
CREATE INDEX "launch_grant_person" ON "launch_grant" USING btree ("person_hash");--> statement-breakpoint
CREATE INDEX "launch_grant_expiry" ON "launch_grant" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "launch_handle_expiry" ON "launch_handle" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "objection_person" ON "objection" USING btree ("person_hash","status");--> statement-breakpoint
CREATE INDEX "objection_event_objection" ON "objection_event" USING btree ("objection_id");--> statement-breakpoint
CREATE UNIQUE INDEX "oidc_artefact_key" ON "oidc_artefact" USING btree ("model","id_hash");--> statement-breakpoint
CREATE INDEX "oidc_artefact_grant" ON "oidc_artefact" USING btree ("grant_id");--> statement-breakpoint
CREATE INDEX "oidc_artefact_uid" ON "oidc_artefact" USING btree ("uid_hash");--> statement-breakpoint
CREATE INDEX "oidc_artefact_expiry" ON "oidc_artefact" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "registration_ticket_expiry" ON "registration_ticket" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "used_once_expiry" ON "used_once" USING btree ("expires_at");