import { keepFreedMemory } from '../../src-main/freed-memory'

/** Prints the page faults of 400 MiB in buffers that come and go, before and after freed memory is kept. */
const megabyte = 1024 * 1024

function faults(): number {
  const before = process.resourceUsage().minorPageFault
  for (let round = 0; round < 50; round++) {
    const buffers = Array.from({ length: 8 }, () => Buffer.allocUnsafeSlow(megabyte).fill(1).buffer)
    for (const buffer of buffers) buffer.transfer(0)
  }
  return process.resourceUsage().minorPageFault - before
}

faults()
const given = faults()
keepFreedMemory()
// The first buffers after it are new memory.
faults()
const kept = faults()
console.log(JSON.stringify({ given, kept }))
