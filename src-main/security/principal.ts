type Rule =
  | { readonly kind: 'default' }
  | {
      readonly kind: 'pattern'
      readonly pattern: RegExp
      readonly replacement: string
      readonly to: 'upper' | 'lower' | null
    }

/**
 * Rules that make a user name of a certificate's subject (`ssl.principal.mapping.rules`, SslPrincipalMapper): `DEFAULT`, or
 * `RULE:pattern/replacement/[LU]`, the first that fits; separated by commas.
 *
 * @throws Error for what is no rule
 */
export function principalMapper(rules: string): (subject: string) => string {
  const parsed = ruleTexts(rules).map(ruleOf)
  return (subject) => {
    for (const rule of parsed) {
      if (rule.kind === 'default') return subject
      const match = rule.pattern.exec(subject)
      if (!match || match[0] !== subject) continue
      const name = subject.replace(rule.pattern, rule.replacement)
      return rule.to === 'upper' ? name.toUpperCase() : rule.to === 'lower' ? name.toLowerCase() : name
    }
    return subject
  }
}

/** Commas stand between rules, and in patterns too: a rule begins with its name. */
function ruleTexts(rules: string): string[] {
  return rules
    .trim()
    .split(/,\s*(?=RULE:|DEFAULT)/)
    .map((text) => text.trim())
    .filter((text) => text !== '')
}

function ruleOf(text: string): Rule {
  if (text === 'DEFAULT') return { kind: 'default' }
  const match = /^RULE:((?:\\.|[^\\/])*)\/((?:\\.|[^\\/])*)\/([LU]?)$/.exec(text)
  if (!match) throw new Error(`"${text}" is no rule for principals: DEFAULT, or RULE:pattern/replacement/[LU]`)
  const [, pattern = '', replacement = '', to] = match
  return {
    kind: 'pattern',
    pattern: new RegExp(pattern),
    replacement,
    to: to === 'U' ? 'upper' : to === 'L' ? 'lower' : null,
  }
}
