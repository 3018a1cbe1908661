import { writeSync } from 'node:fs'
import { formatLogEntry, type LogEntry } from './base/log'
import { failureText } from './base/user-error'

/** Exit code of a broker that stopped because of a fault in its own code: EX_SOFTWARE of sysexits.h. One that cannot start ends with 1. */
export const faultExitCode = 70

/** Actions for faults in our own code that nothing else caught. */
export interface FaultActions {
  /** A promise failed that nobody waits for: one task is over, and all others go on. */
  taskFailed(text: string): void
  /** An exception left the code in the middle: state in memory may be half changed. Without this action the thread ends as Node has it. */
  broken?(text: string): void
}

/**
 * Decides what becomes of this process or thread after such a fault, as Kafka's brokers do: a task that fails is logged and the broker lives (KafkaScheduler,
 * KafkaRequestHandler); one whose state may be wrong halts (FatalExitError, ProcessTerminatingFaultHandler). What was acknowledged is in the file before
 * its answer leaves, so that no fault loses it.
 */
export function watchFaults({ taskFailed, broken }: FaultActions): void {
  process.on('unhandledRejection', (reason) => taskFailed(failureText(reason)))
  if (broken) process.on('uncaughtException', (error) => broken(failureText(error)))
}

/** A terminal or a program that read our output may be gone: the broker serves on without it, as Kafka's does, or stops as it was told. */
export function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
}

/** Writes the last line of a process: what waits in a stream is lost at its exit. */
export function writeLastLine(entry: LogEntry): void {
  try {
    writeSync(process.stderr.fd, `${formatLogEntry(entry)}\n`)
  } catch {
    // Nobody reads it, or not now: the exit code is left to tell of it.
  }
}
