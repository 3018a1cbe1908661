type Rule =
  | { readonly kind: 'default' }
  | {
      readonly kind: 'pattern'
      readonly whole: RegExp
      readonly parts: RegExp
      readonly replacement: string
      readonly to: 'upper' | 'lower' | null
    }

/**
 * Rules that make a user name of a certificate's subject (`ssl.principal.mapping.rules`, SslPrincipalMapper): `DEFAULT`, or
 * `RULE:pattern/replacement/[LU]`, the first that fits; separated by commas. `undefined` when none does.
 *
 * @throws Error for what is no rule
 */
export function principalMapper(rules: string): (subject: string) => string | undefined {
  const parsed = ruleTexts(rules).map(ruleOf)
  return (subject) => {
    for (const rule of parsed) {
      if (rule.kind === 'default') return subject
      if (!rule.whole.test(subject)) continue
      const name = subject.replace(rule.parts, rule.replacement)
      return rule.to === 'upper' ? name.toUpperCase() : rule.to === 'lower' ? name.toLowerCase() : name
    }
    return undefined
  }
}

/** Commas stand between rules, and in patterns too: a rule begins with its name. */
function ruleTexts(rules: string): string[] {
  return rules
    .trim()
    .split(/[,\n]\s*(?=RULE:|DEFAULT)/)
    .map((text) => text.trim().replace(/\s*,$/, ''))
    .filter((text) => text !== '')
}

function ruleOf(text: string): Rule {
  if (text === 'DEFAULT') return { kind: 'default' }
  const match = /^RULE:((?:\\.|[^\\/])*)\/((?:\\.|[^\\/])*)\/([LU]?)$/.exec(text)
  if (!match) throw new Error(`"${text}" is no rule for principals: DEFAULT, or RULE:pattern/replacement/[LU]`)
  const [, pattern = '', replacement = '', to] = match
  return {
    kind: 'pattern',
    // Matcher.matches, and then String.replaceAll.
    whole: new RegExp(`^(?:${pattern})$`),
    parts: new RegExp(pattern, 'g'),
    replacement: replacement.replace(/\\(.)/g, '$1'),
    to: to === 'U' ? 'upper' : to === 'L' ? 'lower' : null,
  }
}
