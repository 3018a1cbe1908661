/** How far each log has been compacted: what lies before has been compared with everything behind it. */
export const compaction = `
ALTER TABLE partitions ADD COLUMN cleaned_until INTEGER NOT NULL DEFAULT 0;
`
