/** With a key always the same partition, by Kafka's own hash; without one any. */
export function partitionFor(key: Uint8Array | null, partitions: number, any: number): number {
  if (key === null) return any % partitions
  return (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions
}

/** org.apache.kafka.common.utils.Utils.murmur2, so that a key lands where the Java client would put it. */
function murmur2(data: Buffer): number {
  const m = 0x5bd1e995
  let h = 0x9747b28c ^ data.length
  const whole = data.length >> 2
  for (let i = 0; i < whole; i++) {
    let k = Math.imul(data.readInt32LE(i * 4), m)
    k = Math.imul(k ^ (k >>> 24), m)
    h = Math.imul(h, m) ^ k
  }
  const rest = data.subarray(whole * 4)
  for (let i = rest.length - 1; i >= 0; i--) h ^= (rest[i] as number) << (8 * i)
  if (rest.length > 0) h = Math.imul(h, m)
  h = Math.imul(h ^ (h >>> 13), m)
  return h ^ (h >>> 15)
}
