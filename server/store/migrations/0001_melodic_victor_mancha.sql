CREATE TABLE "host_token" (
	"id" text PRIMARY KEY NOT NULL,
	"sealed" "bytea" NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pending_authorization" (
	"state_hash" text PRIMARY KEY NOT NULL,
	"browser_hash" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rate_counter" (
	"key_hash" text PRIMARY KEY NOT NULL,
	"count" integer NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_session" (
	"session_hash" text PRIMARY KEY NOT NULL,
	"user_hash" text NOT NULL,
	"user" jsonb NOT NULL,
	"idle_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "launch_grant" ADD COLUMN "user_hash" text;--> statement-breakpoint
ALTER TABLE "launch_grant" ADD COLUMN "offline" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "profile" ADD COLUMN "role_confirmed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "profile" ADD COLUMN "role_confirmed_by" text;--> statement-breakpoint
CREATE INDEX "host_token_expiry" ON "host_token" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "pending_authorization_expiry" ON "pending_authorization" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "rate_counter_expiry" ON "rate_counter" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "sign_in_session_user" ON "sign_in_session" USING btree ("user_hash");--> statement-breakpoint
CREATE INDEX "sign_in_session_expiry" ON "sign_in_session" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "launch_grant_user" ON "launch_grant" USING btree ("user_hash");