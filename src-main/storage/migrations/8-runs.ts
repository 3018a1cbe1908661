/**
 * From here on a row of `batches` holds a run of batches: see `run.ts`. Rows of before hold one batch, which is a run too, so nothing of them
 * changes; the number of the format keeps a version away that would read one batch of a run.
 */
export const runs = ''
