CREATE TABLE "last_look" (
	"key_hash" text PRIMARY KEY NOT NULL,
	"latest_at" timestamp with time zone NOT NULL,
	"before_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "last_look_expiry" ON "last_look" USING btree ("expires_at");