/** What follows the five bytes that a schema registry's serializers put before a value (zero, and the schema's id), if they are there. */
export function withoutRegistryId(bytes: Uint8Array): Uint8Array | undefined {
  return bytes.byteLength >= 5 && bytes[0] === 0 ? bytes.subarray(5) : undefined
}

/** The id of the schema in the registry, or `null`. */
export function registryId(bytes: Uint8Array | null): number | null {
  if (!bytes || !withoutRegistryId(bytes)) return null
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(1)
}
