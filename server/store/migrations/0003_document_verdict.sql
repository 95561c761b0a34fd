CREATE TABLE "document_verdict" (
	"key_hash" text PRIMARY KEY NOT NULL,
	"verdict" text NOT NULL,
	"categories" text[] NOT NULL,
	"content_hash" text NOT NULL,
	"state_hash" text,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "document_verdict_expiry" ON "document_verdict" USING btree ("expires_at");