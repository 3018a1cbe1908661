import { Choice, Field, Labelled } from '../../parts/Field'
import css from './connections.module.css'
import {
  type FormParts,
  mechanismOf,
  mechanisms,
  type TokenSource,
  tokenSourceOf,
  usesTls,
  withSecurity,
} from './draft'
import { SecretField, SettingField } from './SettingField'
import { texts } from './texts'

const { form: labels } = texts
const tokenUrl = 'sasl.oauthbearer.token.endpoint.url'

export function SaslFields(parts: FormParts) {
  const { draft, change } = parts
  const mechanism = mechanismOf(draft.settings)
  // An imported one may have no fields of its own.
  const all =
    mechanism === null || mechanisms.some((known) => known === mechanism) ? mechanisms : [...mechanisms, mechanism]
  return (
    <>
      <Labelled label={labels.sasl}>
        <Choice
          value={mechanism ?? ''}
          onChange={(event) =>
            change({
              settings: withSecurity(draft.settings, usesTls(draft.settings), event.target.value || null),
            })
          }
        >
          <option value="">{labels.noSasl}</option>
          {all.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Choice>
      </Labelled>
      {mechanism === 'OAUTHBEARER' && <TokenFields {...parts} />}
      {mechanism === 'AWS_MSK_IAM' && <p className={css.note}>{labels.aws}</p>}
      {(mechanism === 'PLAIN' || mechanism?.startsWith('SCRAM')) && (
        <div className={css.row}>
          <SettingField setting="sasl.username" label={labels.user} {...parts} />
          <SecretField setting="sasl.password" label={labels.password} {...parts} />
        </div>
      )}
    </>
  )
}

function TokenFields(parts: FormParts) {
  const { draft, change } = parts
  const source = tokenSourceOf(draft.settings)
  const set = (url: string) => change({ settings: { ...draft.settings, [tokenUrl]: url } })
  return (
    <>
      <Labelled label={labels.tokenFrom}>
        <Choice
          value={source}
          onChange={(event) => set((event.target.value as TokenSource) === 'file' ? 'file://' : '')}
        >
          {Object.entries(labels.tokenSources).map(([id, label]) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </Choice>
      </Labelled>
      {source === 'file' ? (
        <Labelled label={labels.tokenFile}>
          <Field
            value={(draft.settings[tokenUrl] ?? '').replace(/^file:(?:\/\/)?/, '')}
            placeholder={labels.tokenFileHint}
            onChange={(event) => set(`file://${event.target.value}`)}
          />
        </Labelled>
      ) : (
        <>
          <SettingField setting={tokenUrl} label={labels.tokenUrl} placeholder={labels.tokenUrlHint} {...parts} />
          <div className={css.row}>
            <SettingField setting="sasl.oauthbearer.client.id" label={labels.clientId} {...parts} />
            <SecretField setting="sasl.oauthbearer.client.secret" label={labels.clientSecret} {...parts} />
            <SettingField setting="sasl.oauthbearer.scope" label={labels.scope} {...parts} />
          </div>
        </>
      )}
      <SettingField
        setting="sasl.oauthbearer.extensions"
        label={labels.extensions}
        placeholder={labels.extensionsHint}
        {...parts}
      />
    </>
  )
}
