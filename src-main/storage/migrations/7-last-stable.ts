/**
 * The last stable offset behind each aborted transaction: none that ends later has a record before it. Of those that are there already it is
 * found from the ones that end later and those that are open.
 */
export const lastStable = `
ALTER TABLE aborted_transactions ADD COLUMN last_stable_offset INTEGER NOT NULL DEFAULT 0;

UPDATE aborted_transactions SET last_stable_offset = min(
  later.first_offset,
  aborted_transactions.last_offset + 1,
  coalesce((SELECT min(first_offset) FROM open_transactions WHERE partition = aborted_transactions.partition), later.first_offset)
) FROM (
  SELECT partition, last_offset, producer_id, coalesce(min(first_offset) OVER (
    PARTITION BY partition ORDER BY last_offset DESC, producer_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  ), last_offset + 1) AS first_offset FROM aborted_transactions
) AS later
WHERE later.partition = aborted_transactions.partition AND later.last_offset = aborted_transactions.last_offset
  AND later.producer_id = aborted_transactions.producer_id;
`
