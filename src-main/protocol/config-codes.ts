/** Names and codes of one enumeration of DescribeConfigs. */
interface ConfigCodes<N extends string> {
  code(name: N): number
  /** The name of a code, or what Kafka calls an unknown one. */
  name(code: number): N | 'UNKNOWN_CONFIG' | 'unknown'
}

function codes<N extends string>(
  table: Readonly<Record<N, number>>,
  unknown: 'UNKNOWN_CONFIG' | 'unknown',
): ConfigCodes<N> {
  const names = new Map((Object.keys(table) as N[]).map((name) => [table[name], name]))
  return { code: (name) => table[name], name: (code) => names.get(code) ?? unknown }
}

/** DescribeConfigsResponse.ConfigSource. */
export const configSourceCodes = codes(
  {
    DYNAMIC_TOPIC_CONFIG: 1,
    DYNAMIC_BROKER_CONFIG: 2,
    DYNAMIC_DEFAULT_BROKER_CONFIG: 3,
    STATIC_BROKER_CONFIG: 4,
    DEFAULT_CONFIG: 5,
    DYNAMIC_BROKER_LOGGER_CONFIG: 6,
    CLIENT_METRICS_CONFIG: 7,
    GROUP_CONFIG: 8,
  },
  'UNKNOWN_CONFIG',
)

/** DescribeConfigsResponse.ConfigType. */
export const configTypeCodes = codes(
  { boolean: 1, string: 2, int: 3, short: 4, long: 5, double: 6, list: 7, class: 8, password: 9 },
  'unknown',
)
