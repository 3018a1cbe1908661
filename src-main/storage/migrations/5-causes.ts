/**
 * Causes become values. A sentence of an older file is kept as it is: `[{"kind":"told","text":...}]`. Frames that start or end a rebalance
 * have what the list of rebalances shows in columns of their own, and resets say whether they undid another.
 */
export const causes = `
ALTER TABLE frames ADD COLUMN boundary TEXT;
ALTER TABLE frames ADD COLUMN epoch INTEGER;
ALTER TABLE frames ADD COLUMN kind TEXT;
ALTER TABLE frames ADD COLUMN causes TEXT;

UPDATE frames SET frame = json_set(
  json_remove(frame, '$.frame.cause', '$.frame.turn'),
  '$.frame.causes', json_array(json_object('kind', 'told', 'text', json_extract(frame, '$.frame.cause'))),
  '$.frame.boundary', CASE json_extract(frame, '$.frame.turn')
    WHEN 'begins' THEN 'start' WHEN 'ends' THEN 'end' WHEN 'whole' THEN 'startAndEnd' END
) WHERE json_type(frame, '$.frame.cause') = 'text';

UPDATE frames SET frame = json_set(
  json_remove(frame, '$.event.reason'),
  '$.event.cause', json_object('kind', 'told', 'text', json_extract(frame, '$.event.reason'))
) WHERE json_extract(frame, '$.event.kind') = 'fence';

UPDATE frames SET frame = json_set(
  json_remove(frame, '$.around'),
  '$.context', json_set(json_remove(json_extract(frame, '$.around'), '$.world'), '$.topics', json_extract(frame, '$.around.world'))
) WHERE json_type(frame, '$.around') = 'object';

UPDATE frames SET
  boundary = json_extract(frame, '$.frame.boundary'),
  epoch = json_extract(turn, '$.epoch'),
  kind = json_extract(turn, '$.kind'),
  causes = json_array(json_object('kind', 'told', 'text', json_extract(turn, '$.cause')))
WHERE turn IS NOT NULL;

DROP INDEX frames_by_turn;
ALTER TABLE frames DROP COLUMN turn;
CREATE INDEX frames_by_boundary ON frames (group_id, seq, at, boundary, epoch, kind, causes) WHERE boundary IS NOT NULL;

ALTER TABLE offset_changes ADD COLUMN kind TEXT NOT NULL DEFAULT 'reset';
UPDATE offset_changes SET kind = 'undo' WHERE cause LIKE 'undid: %';
UPDATE offset_changes SET cause = json_object('kind', 'told', 'text', cause);
`
