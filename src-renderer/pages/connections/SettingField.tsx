import { Area, Field, Labelled } from '../../parts/Field'
import type { FormParts } from './draft'
import { texts } from './texts'

interface Props extends FormParts {
  readonly setting: string
  readonly label: string
  readonly placeholder?: string
  readonly isLong?: boolean
}

/** A setting that is no secret. */
export function SettingField({ setting, label, placeholder, isLong = false, draft, change }: Props) {
  const shared = {
    value: draft.settings[setting] ?? '',
    ...(placeholder === undefined ? {} : { placeholder }),
  }
  const set = (value: string) => change({ settings: { ...draft.settings, [setting]: value } })
  return (
    <Labelled label={label}>
      {isLong ? (
        <Area rows={4} {...shared} onChange={(event) => set(event.target.value)} />
      ) : (
        <Field {...shared} onChange={(event) => set(event.target.value)} />
      )}
    </Labelled>
  )
}

/** A secret: what is stored of it is not here, only that it is. */
export function SecretField({ setting, label, placeholder = '', isLong = false, draft, stored, change }: Props) {
  const known = draft.removed.includes(setting)
    ? undefined
    : stored?.secrets.find((secret) => secret.setting === setting)
  const hint = known ? (known.isSet ? texts.form.isSet : texts.form.notSet) : placeholder
  const shared = { value: draft.secrets[setting] ?? '', placeholder: hint }
  const set = (value: string) => change({ secrets: { ...draft.secrets, [setting]: value } })
  return (
    <Labelled label={label}>
      {isLong ? (
        <Area rows={4} {...shared} onChange={(event) => set(event.target.value)} />
      ) : (
        <Field type="password" {...shared} autoComplete="new-password" onChange={(event) => set(event.target.value)} />
      )}
    </Labelled>
  )
}
