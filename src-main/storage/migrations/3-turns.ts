/**
 * What a rebalance index needs of the frames that begin or end one, as JSON beside the frame: the whole history of a group is read
 * from the index alone, and goes with the frames when they are trimmed.
 */
export const turns = `
ALTER TABLE frames ADD COLUMN turn TEXT;

UPDATE frames SET
  turn = json_object('turn', found.turn, 'epoch', found.epoch, 'kind', found.kind, 'cause', found.cause),
  frame = json_set(frames.frame, '$.frame.turn', found.turn)
FROM (
  SELECT group_id, seq, epoch, kind, cause, CASE
    WHEN was_quiet AND NOT is_quiet THEN 'begins'
    WHEN NOT was_quiet AND is_quiet THEN 'ends'
    WHEN was_quiet AND is_quiet AND epoch <> old_epoch THEN 'whole'
  END AS turn
  FROM (
    SELECT *, lag(is_quiet, 1, 1) OVER (PARTITION BY group_id ORDER BY seq) AS was_quiet,
      lag(epoch, 1, 0) OVER (PARTITION BY group_id ORDER BY seq) AS old_epoch
    FROM (
      SELECT group_id, seq, json_extract(frame, '$.frame.epoch') AS epoch, json_extract(frame, '$.frame.kind') AS kind,
        json_extract(frame, '$.frame.cause') AS cause,
        json_extract(frame, '$.frame.state') IN ('Stable', 'Empty', 'Dead') AS is_quiet
      FROM frames
    )
  )
) AS found
WHERE frames.group_id = found.group_id AND frames.seq = found.seq AND found.turn IS NOT NULL;

CREATE INDEX frames_by_turn ON frames (group_id, seq, at, turn) WHERE turn IS NOT NULL;
`
