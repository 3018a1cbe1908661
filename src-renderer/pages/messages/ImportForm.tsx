import { Problem } from '../../parts/Dialog'
import { Area, Choice, Field, FileField, Labelled } from '../../parts/Field'
import { Done } from './Done'
import { ImportSchema } from './ImportSchema'
import { type FileFormat, type FileMessage, fileFormats } from './import-file'
import css from './messages.module.css'
import { texts } from './texts'
import type { Import } from './useImport'

const shownMessages = 3
const shownCharacters = 120

/** Fields for many messages: a file or lines, their format, and a preview. */
export function ImportForm({ many }: { readonly many: Import }) {
  const { file, format, check, written } = many
  const namesPartitions = format === 'jsonl' || format === 'csv'
  return (
    <fieldset className={css.many} disabled={written !== null}>
      <FileField
        label={texts.import.file}
        isFirst
        accept=".jsonl,.ndjson,.json,.csv,.tsv,.txt"
        disabled={written !== null}
        onFile={many.setFile}
      />
      {!file && (
        <Labelled label={texts.import.lines}>
          <Area
            rows={6}
            value={many.lines}
            placeholder={texts.import.linesPlaceholder}
            onChange={(event) => many.setLines(event.target.value)}
          />
        </Labelled>
      )}
      <div className={css.readAs}>
        <Labelled label={texts.import.readAs}>
          <Choice
            aria-label={texts.import.readAs}
            value={format}
            onChange={(event) => many.setFormat(event.target.value as FileFormat)}
          >
            {fileFormats.map((id) => (
              <option key={id} value={id}>
                {texts.import.formats[id]}
              </option>
            ))}
          </Choice>
        </Labelled>
        {format === 'pairs' && (
          <Labelled label={texts.import.separator}>
            <Field value={many.separator} onChange={(event) => many.setSeparator(event.target.value)} />
          </Labelled>
        )}
      </div>
      {namesPartitions && (
        <label className="quiet">
          <input
            type="checkbox"
            checked={many.keepsPartitions}
            onChange={(event) => many.setKeepsPartitions(event.target.checked)}
          />{' '}
          {texts.import.keepPartitions}
        </label>
      )}
      <ImportSchema many={many} />
      {check.refused > 0 && written === null && <Refused check={check} />}
      {check.first.length > 0 && written === null && <Preview many={many} />}
      {!check.done && many.sizeBytes > 0 && (
        <Done label={texts.import.readLabel} share={check.readBytes / many.sizeBytes}>
          {texts.import.reading}
        </Done>
      )}
      {check.problem !== null && <Problem text={check.problem} />}
      {written !== null && (
        <Done label={texts.import.writeLabel} share={check.messages === 0 ? 0 : written / check.messages}>
          {texts.import.written(written)}
        </Done>
      )}
    </fieldset>
  )
}

/** Messages that do not fit the schema, by line. */
function Refused({ check: { refused, firstRefused } }: { readonly check: Import['check'] }) {
  const more = refused - firstRefused.length
  return (
    <div className={css.refused}>
      <p className={css.problem} role="status">
        {texts.import.schema.refused(refused)}
      </p>
      {firstRefused.map(({ line, why }) => (
        <p key={line}>{texts.import.schema.refusedLine(line, why)}</p>
      ))}
      {more > 0 && <p className="quiet">{texts.import.schema.more(more)}</p>}
    </div>
  )
}

/** The first messages, to check that the format is right. */
function Preview({ many: { check, sizeBytes } }: { readonly many: Import }) {
  return (
    <div className={css.preview}>
      <p className="quiet" role="status">
        {check.done ? texts.import.checked(check.messages, sizeBytes) : texts.import.checking(check.messages)}
      </p>
      {check.first.slice(0, shownMessages).map(({ line, message }) => (
        <p key={line} className="data">
          {shown(message.key)} → {shown(message.value)}
          {message.headers.length > 0 ? texts.import.headers(message.headers.length) : ''}
        </p>
      ))}
    </div>
  )
}

function shown(payload: FileMessage['message']['key']): string {
  if (payload === null) return texts.cell.null
  const text = typeof payload === 'string' ? payload : texts.import.base64(payload.base64)
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text || texts.cell.empty
}
