import { copyFileSync, existsSync } from 'node:fs'

/** What a process leaves that dies now: the files of a workspace that is open, under another name. */
export function copyFiles(file: string, to: string): void {
  for (const part of ['', '-wal', '-appends', '-batches'])
    if (existsSync(`${file}${part}`)) copyFileSync(`${file}${part}`, `${to}${part}`)
}
