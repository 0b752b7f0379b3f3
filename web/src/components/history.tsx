// What became of a record: its changes as differences, newest first.
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { useState } from "preact/hooks";
import type { FieldDifference } from "#gen/comity/v1/common_pb";
import { ChangeType, type Change } from "#gen/comity/v1/record_pb";
import { changeService } from "../client";
import { formatNumber, formatTime, messages } from "../i18n";
import { useLoad } from "../load";
import { Answer } from "./views";

const t = messages({
  title: {
    en: "History of this record",
    fr: "Historique de cette fiche",
    es: "Historial de este registro",
    ru: "История записи",
    ar: "تاريخ هذا السجل",
    zh: "此记录的历史",
  },
  created: { en: "Created", fr: "Créée", es: "Creado", ru: "Создана", ar: "أُنشئ", zh: "创建" },
  updated: { en: "Changed", fr: "Modifiée", es: "Modificado", ru: "Изменена", ar: "عُدّل", zh: "更改" },
  deleted: { en: "Deleted", fr: "Supprimée", es: "Eliminado", ru: "Удалена", ar: "حُذف", zh: "删除" },
  change: {
    en: "change {number}",
    fr: "modification {number}",
    es: "cambio {number}",
    ru: "изменение {number}",
    ar: "التغيير {number}",
    zh: "变更 {number}",
  },
  by: { en: "by {actor}", fr: "par {actor}", es: "por {actor}", ru: "кто: {actor}", ar: "بواسطة {actor}", zh: "由 {actor}" },
  field: { en: "Field", fr: "Champ", es: "Campo", ru: "Поле", ar: "الحقل", zh: "字段" },
  before: { en: "Before", fr: "Avant", es: "Antes", ru: "Было", ar: "قبل", zh: "更改前" },
  after: { en: "After", fr: "Après", es: "Después", ru: "Стало", ar: "بعد", zh: "更改后" },
  absent: { en: "absent", fr: "absent", es: "ausente", ru: "нет", ar: "غائب", zh: "无" },
  older: {
    en: "Show older changes",
    fr: "Afficher les modifications antérieures",
    es: "Mostrar cambios anteriores",
    ru: "Показать более ранние изменения",
    ar: "عرض التغييرات الأقدم",
    zh: "显示更早的变更",
  },
});

const pageSize = 20;

async function changesOf(name: string, count: number, signal: AbortSignal) {
  const changes: Change[] = [];
  let pageToken = "";
  do {
    const page = await (await changeService()).listHistory({ name, pageSize, pageToken }, { signal });
    changes.push(...page.changes);
    pageToken = page.nextPageToken;
  } while (pageToken && changes.length < count);
  return { changes, more: pageToken !== "" };
}

/** To unfold; asks the server when it is opened. */
export function History({ name }: { name: string }) {
  const [open, setOpen] = useState(false);
  const [count, setCount] = useState(pageSize);
  const [loaded, retry] = useLoad(open ? `${name} ${count}` : "", (signal) =>
    changesOf(name, count, signal),
  );
  return (
    <details class="history" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("title")}</summary>
      <Answer loaded={loaded} retry={retry}>
        {({ changes, more }) => (
          <>
            <ol reversed class="changes">
              {changes.map((change) => (
                <li key={String(change.sequence)}>
                  <OneChange change={change} />
                </li>
              ))}
            </ol>
            {more && (
              <button type="button" onClick={() => setCount(count + pageSize)}>
                {t("older")}
              </button>
            )}
          </>
        )}
      </Answer>
    </details>
  );
}

function OneChange({ change }: { change: Change }) {
  const key =
    change.type === ChangeType.CREATED
      ? "created"
      : change.type === ChangeType.DELETED
        ? "deleted"
        : "updated";
  return (
    <>
      <p>
        <strong>{t(key)}</strong>
        {change.time && ` ${formatTime(timestampDate(change.time))}`}
        {change.actor && `, ${t("by", { actor: change.actor })}`}
        <span class="muted">
          {" – "}
          {t("change", { number: formatNumber(change.sequence) })}
        </span>
      </p>
      {change.differences.length > 0 && <Differences differences={change.differences} />}
    </>
  );
}

/** A table of fields with their values before and after. */
export function Differences({ differences }: { differences: readonly FieldDifference[] }) {
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label={t("title")}>
      <table class="differences">
        <thead>
          <tr>
            <th scope="col">{t("field")}</th>
            <th scope="col">{t("before")}</th>
            <th scope="col">{t("after")}</th>
          </tr>
        </thead>
        <tbody>
          {differences.map(({ field, before, after }) => (
            <tr key={field}>
              <th scope="row" class="code" dir="ltr">
                {field}
              </th>
              <td>{before ? <del dir="auto">{readable(before)}</del> : <Absent />}</td>
              <td>{after ? <ins dir="auto">{readable(after)}</ins> : <Absent />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Absent() {
  return <span class="unknown">{t("absent")}</span>;
}

/** A value of JSON as one reads it: texts without quotation marks. */
function readable(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "string" ? value : JSON.stringify(value, null, 1);
  } catch {
    return json;
  }
}
