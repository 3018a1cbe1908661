/** How long another program's lock on the file is waited for; Ottla's own threads never take it. */
export const lockTimeoutMs = 2000
