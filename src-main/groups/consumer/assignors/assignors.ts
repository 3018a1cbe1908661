import type { Assignor } from './assignor'
import { range } from './range'
import { uniform } from './uniform'

/** The server-side assignors of Apache Kafka (`group.consumer.assignors`); the first is the default. */
export const assignors: Readonly<Record<string, Assignor>> = { uniform, range }
