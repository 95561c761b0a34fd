-- Adds events to the audit trail behind the last one. Here and not in the server, since the chain is one over all servers:
-- from the look at the last row to the commit nobody else may add one, and that time is to hold no round trip.
-- `said`: for each event the text of what its row says, as JSON, in two halves around its number: [[before, after], ...].
-- The row is made of the very text that is hashed.
CREATE FUNCTION "append_audit_events"(said jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	halves jsonb;
	content text;
	entry jsonb;
	last_seq bigint;
	last_hash text;
	next_hash text;
BEGIN
	PERFORM pg_advisory_xact_lock(7062419);
	-- A statement of its own: it sees what was committed while this one waited.
	SELECT "seq", "hash" INTO last_seq, last_hash FROM "audit_event" ORDER BY "seq" DESC LIMIT 1;
	last_seq := coalesce(last_seq, 0);
	last_hash := coalesce(last_hash, repeat('0', 64));
	FOR halves IN SELECT value FROM jsonb_array_elements(said) LOOP
		last_seq := last_seq + 1;
		content := (halves ->> 0) || last_seq || (halves ->> 1);
		entry := content::jsonb;
		next_hash := encode(sha256(convert_to(last_hash || content, 'UTF8')), 'hex');
		INSERT INTO "audit_event"
			("seq", "id", "recorded_at", "type", "outcome", "user_key", "person_hash", "event", "previous_hash", "hash")
		VALUES (
			last_seq, entry ->> 'id', (entry ->> 'recordedAt')::timestamptz, entry ->> 'type', entry ->> 'outcome',
			entry ->> 'userKey', entry ->> 'personHash', entry -> 'event', last_hash, next_hash
		);
		last_hash := next_hash;
	END LOOP;
END
$$;
