import { useState } from 'react'
import { Choice, Labelled } from '../../parts/Field'
import css from './connections.module.css'
import {
  type Authority,
  authorityFields,
  type Check,
  checkOf,
  type FormParts,
  type Identity,
  identityFields,
  usesTls,
  wayOf,
  withCheck,
} from './draft'
import { SecretField, SettingField } from './SettingField'
import { texts } from './texts'

const { form: labels } = texts

/** Settings and secrets that are filled. */
function filledOf({ draft, stored }: FormParts): ReadonlySet<string> {
  const kept = (stored?.secrets ?? []).map(({ setting }) => setting).filter((one) => !draft.removed.includes(one))
  const typed = Object.entries({ ...draft.settings, ...draft.secrets }).flatMap(([name, value]) =>
    value ? [name] : [],
  )
  return new Set([...kept, ...typed])
}

/** Another way was chosen: what the former ones needed is emptied. */
function emptied({ draft, stored }: FormParts, unused: readonly string[]) {
  const drop = (all: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => !unused.includes(name)))
  const kept = (stored?.secrets ?? []).map(({ setting }) => setting).filter((setting) => unused.includes(setting))
  return {
    settings: drop(draft.settings),
    secrets: drop(draft.secrets),
    removed: [...new Set([...draft.removed, ...kept])],
  }
}

export function TlsFields(parts: FormParts) {
  const filled = filledOf(parts)
  const [authority, setAuthority] = useState<Authority>(wayOf(authorityFields, filled, 'system'))
  const [identity, setIdentity] = useState<Identity>(wayOf(identityFields, filled, 'none'))
  const { draft, change } = parts
  if (!usesTls(draft.settings)) return null
  const all = Object.values(authorityFields).flat()
  const allOfIdentity = Object.values(identityFields).flat()
  return (
    <>
      <div className={css.row}>
        <Labelled label={labels.authority}>
          <Choice
            value={authority}
            onChange={(event) => {
              const next = event.target.value as Authority
              setAuthority(next)
              change(
                emptied(
                  parts,
                  all.filter((one) => !authorityFields[next].includes(one)),
                ),
              )
            }}
          >
            {Object.entries(labels.authorities).map(([id, label]) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </Choice>
        </Labelled>
        <Labelled label={labels.check}>
          <Choice
            value={checkOf(draft.settings)}
            onChange={(event) => change({ settings: withCheck(draft.settings, event.target.value as Check) })}
          >
            {Object.entries(labels.checks).map(([id, label]) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </Choice>
        </Labelled>
      </div>
      {authority === 'file' && (
        <div className={css.row}>
          <SettingField
            setting="ssl.truststore.location"
            label={labels.authorityFile}
            placeholder={labels.fileHint}
            {...parts}
          />
          <SecretField setting="ssl.truststore.password" label={labels.storePassword} {...parts} />
        </div>
      )}
      {authority === 'text' && (
        <SettingField
          setting="ssl.truststore.certificates"
          label={labels.authorityText}
          placeholder={labels.pemHint}
          isLong
          {...parts}
        />
      )}
      <Labelled label={labels.identity}>
        <Choice
          value={identity}
          onChange={(event) => {
            const next = event.target.value as Identity
            setIdentity(next)
            change(
              emptied(
                parts,
                allOfIdentity.filter((one) => !identityFields[next].includes(one)),
              ),
            )
          }}
        >
          {Object.entries(labels.identities).map(([id, label]) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </Choice>
      </Labelled>
      <IdentityFields identity={identity} parts={parts} />
    </>
  )
}

function IdentityFields({ identity, parts }: { readonly identity: Identity; readonly parts: FormParts }) {
  switch (identity) {
    case 'none':
      return null
    case 'files':
      return (
        <div className={css.row}>
          <SettingField
            setting="ssl.certificate.location"
            label={labels.certificateFile}
            placeholder={labels.fileHint}
            {...parts}
          />
          <SettingField setting="ssl.key.location" label={labels.keyFile} placeholder={labels.fileHint} {...parts} />
          <SecretField setting="ssl.key.password" label={labels.keyPassword} {...parts} />
        </div>
      )
    case 'text':
      return (
        <>
          <SettingField
            setting="ssl.keystore.certificate.chain"
            label={labels.certificateText}
            placeholder={labels.pemHint}
            isLong
            {...parts}
          />
          <SecretField setting="ssl.keystore.key" label={labels.keyText} isLong {...parts} />
          <SecretField setting="ssl.key.password" label={labels.keyPassword} {...parts} />
        </>
      )
    case 'store':
      return (
        <div className={css.row}>
          <SettingField
            setting="ssl.keystore.location"
            label={labels.keyStoreFile}
            placeholder={labels.fileHint}
            {...parts}
          />
          <SecretField setting="ssl.keystore.password" label={labels.storePassword} {...parts} />
        </div>
      )
  }
}
