import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../../base/assert'
import { WorkspaceReader } from '../../storage'
import { readerAnswers } from './reader-answers'
import type { ReaderRequest } from './reader-protocol'

/** Everything that takes long and only reads: on a thread and a connection of its own, so that no produce waits for it. */

assert(parentPort, 'the reader thread is started by the desk')
const port = parentPort
const reader = new WorkspaceReader((workerData as { file: string }).file)
const answer = readerAnswers(reader, (reply) => port.postMessage(reply))

port.on('message', (request: ReaderRequest) => answer(request))
