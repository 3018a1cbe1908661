/** Options of google/protobuf/descriptor.proto that have simple values: their field numbers by name. */
type Kind = 'bool' | 'string' | readonly string[]

interface KnownOption {
  readonly number: number
  readonly kind: Kind
}

type Known = Readonly<Record<string, KnownOption>>

const bool = (number: number): KnownOption => ({ number, kind: 'bool' })
const text = (number: number): KnownOption => ({ number, kind: 'string' })

export const fileOptions: Known = {
  java_package: text(1),
  java_outer_classname: text(8),
  optimize_for: { number: 9, kind: ['', 'SPEED', 'CODE_SIZE', 'LITE_RUNTIME'] },
  java_multiple_files: bool(10),
  go_package: text(11),
  cc_generic_services: bool(16),
  java_generic_services: bool(17),
  py_generic_services: bool(18),
  deprecated: bool(23),
  java_string_check_utf8: bool(27),
  cc_enable_arenas: bool(31),
  objc_class_prefix: text(36),
  csharp_namespace: text(37),
  swift_prefix: text(39),
  php_class_prefix: text(40),
  php_namespace: text(41),
  php_metadata_namespace: text(44),
  ruby_package: text(45),
}

export const messageOptions: Known = {
  message_set_wire_format: bool(1),
  no_standard_descriptor_accessor: bool(2),
  deprecated: bool(3),
  map_entry: bool(7),
}

export const fieldOptions: Known = {
  ctype: { number: 1, kind: ['STRING', 'CORD', 'STRING_PIECE'] },
  packed: bool(2),
  deprecated: bool(3),
  lazy: bool(5),
  jstype: { number: 6, kind: ['JS_NORMAL', 'JS_STRING', 'JS_NUMBER'] },
  weak: bool(10),
}

export const enumOptions: Known = { allow_alias: bool(2), deprecated: bool(3) }
export const valueOptions: Known = { deprecated: bool(1) }
export const serviceOptions: Known = { deprecated: bool(33) }
export const methodOptions: Known = {
  deprecated: bool(33),
  idempotency_level: { number: 34, kind: ['IDEMPOTENCY_UNKNOWN', 'NO_SIDE_EFFECTS', 'IDEMPOTENT'] },
}

export type { Known }
