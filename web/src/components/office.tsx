// How to reach an office: what its record holds, each with its sources.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import {
  Authority_Kind,
  PostalAddress_Kind,
  TelephoneNumber_Kind,
  type Authority,
  type Contact,
  type TelephoneNumber,
} from "#gen/comity/v1/authority_pb";
import { ExportFormat } from "#gen/comity/v1/export_service_pb";
import { announce } from "../announce";
import { exportService } from "../client";
import { slugOf } from "../catalogue";
import { isOpen, timeIn } from "../hours";
import { formatDay, formatList, langOf, nameOfLanguage, pick } from "../i18n";
import { r } from "../records.messages";
import { codeOf, stateOf, titleOfState } from "../states";
import { Age, dayOfSource, isWebAddress, Sources } from "./sources";

const kindKeys = {
  [Authority_Kind.UNSPECIFIED]: undefined,
  [Authority_Kind.CENTRAL_AUTHORITY]: "kindCentral",
  [Authority_Kind.COMPETENT_AUTHORITY]: "kindCompetent",
  [Authority_Kind.CONTACT_POINT]: "kindContactPoint",
  [Authority_Kind.FOCAL_POINT]: "kindFocalPoint",
  [Authority_Kind.TWENTY_FOUR_SEVEN]: "kindAnyHour",
} as const;

export function kindOfOffice(kind: Authority_Kind): string {
  const key = kindKeys[kind];
  return key ? r(key) : "";
}

/** Path of an office's own page. */
export function pathOfOffice(name: string): string {
  return `/authorities/${codeOf(name)}/${slugOf(name)}`;
}

/** One line of a list of facts; nothing where there is nothing to say. */
export function Fact({ name, children }: { name: string; children?: ComponentChildren }) {
  if (children === undefined || children === null || children === "" || children === false)
    return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function TextList({ items, lang }: { items: readonly string[]; lang?: string | undefined }) {
  if (items.length === 0) return null;
  if (items.length === 1) return <span lang={lang}>{items[0]}</span>;
  return (
    <ul>
      {items.map((item) => (
        <li key={item}>
          <span lang={lang}>{item}</span>
        </li>
      ))}
    </ul>
  );
}

function telephoneLabel(kind: TelephoneNumber_Kind): string {
  switch (kind) {
    case TelephoneNumber_Kind.FAX:
      return r("fax");
    case TelephoneNumber_Kind.TELEPHONE_AND_FAX:
      return r("telephoneAndFax");
    case TelephoneNumber_Kind.OUTSIDE_OFFICE_HOURS:
      return r("afterHours");
    default:
      return r("telephone");
  }
}

function Number({ telephone }: { telephone: TelephoneNumber }) {
  const digits = telephone.number.replace(/\(0\)/g, "").replace(/[^\d+]/g, "");
  const international = /^\+\d{6,15}$/.test(digits);
  return (
    <>
      {international ? (
        <a href={`tel:${digits}`} dir="ltr">
          {telephone.number}
        </a>
      ) : (
        <bdi dir="ltr">{telephone.number}</bdi>
      )}
      {telephone.note && (
        <>
          {" "}
          <span lang="en">({telephone.note})</span>
        </>
      )}
    </>
  );
}

/** The present minute, kept up to date. */
function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 20_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Local time at the office, and whether it is open, as far as is known. */
function TimeThere({ authority }: { authority: Authority }) {
  const now = useNow();
  const stated = authority.contacts.find((contact) => contact.timeZone);
  const ofState = stateOf(codeOf(authority.name))?.timeZones[0] ?? "";
  const zone = stated?.timeZone || ofState;
  const time = zone ? timeIn(zone, now) : "";
  if (!time) return null;
  const hours = authority.contacts.find((contact) => contact.officeHours)?.officeHours ?? "";
  // By the capital's zone alone nobody can say that an office is open.
  const open = stated ? isOpen(hours, stated.timeZone, now) : undefined;
  return (
    <Fact name={r("timeThere")}>
      {time},{" "}
      {open === undefined ? r("openNotKnown") : open ? r("open") : r("closed")}
      <span class="muted small">
        {" – "}
        {r(stated ? "timeOfOffice" : "timeOfCapital", { zone })}
      </span>
    </Fact>
  );
}

function ContactFacts({ contact }: { contact: Contact }) {
  return (
    <>
      {contact.addresses.map((address, at) => (
        <Fact key={at} name={r(address.kind === PostalAddress_Kind.STREET ? "street" : "address")}>
          <address>
            {address.lines.map((line, index) => (
              <span key={index} class="line" dir="auto">
                {line}
              </span>
            ))}
          </address>
        </Fact>
      ))}
      {contact.telephones.map((telephone, at) => (
        <Fact key={at} name={telephoneLabel(telephone.kind)}>
          <Number telephone={telephone} />
        </Fact>
      ))}
      {contact.emails.length > 0 && (
        <Fact name={r("email")}>
          {contact.emails.map((email) => (
            <a key={email} class="line" href={`mailto:${email}`} dir="ltr">
              {email}
            </a>
          ))}
        </Fact>
      )}
      {contact.websites.length > 0 && (
        <Fact name={r("web")}>
          {contact.websites.map((site) =>
            isWebAddress(site) ? (
              <a key={site} class="line" href={site} dir="ltr" rel="noreferrer external">
                {site}
              </a>
            ) : (
              <bdi key={site} class="line">
                {site}
              </bdi>
            ),
          )}
        </Fact>
      )}
      {contact.officeHours && (
        <Fact name={r("hours")}>
          <span dir="ltr" lang="en">
            {contact.officeHours}
          </span>
        </Fact>
      )}
      {contact.validUntil && (
        <Fact name={r("saidToHold")}>
          <span class="age-old">{formatDay(contact.validUntil)}</span>
        </Fact>
      )}
    </>
  );
}

/** The newest day that the sources of something stand for. */
export function newestDay(sources: Parameters<typeof Sources>[0]["sources"]): string {
  return sources.map(dayOfSource).sort().at(-1) ?? "";
}

/** Lines for a list of facts: how the office is reached, side by side where
 * sources differ. */
export function OfficeFacts({ authority }: { authority: Authority }) {
  const { contacts } = authority;
  return (
    <>
      {contacts.length === 0 && (
        <Fact name={r("address")}>
          <span class="unknown">{r("noContact")}</span>
        </Fact>
      )}
      {contacts.map((contact, at) => (
        <>
          <ContactFacts key={at} contact={contact} />
          <Fact name="">
            <Age day={newestDay(contact.sources)} />
            <Sources sources={contact.sources} />
          </Fact>
        </>
      ))}
      <TimeThere authority={authority} />
      <Fact name={r("interpol")}>
        {authority.interpolChannel && <span lang="en">{authority.interpolChannel}</span>}
      </Fact>
      <Fact name={r("territory")}>
        {authority.territory &&
          (authority.territory.startsWith("states/") ? (
            titleOfState(authority.territory)
          ) : (
            <span lang="en">{authority.territory}</span>
          ))}
      </Fact>
      <Fact name={r("languages")}>
        {authority.languages.length > 0 && formatList(authority.languages.map(nameOfLanguage))}
      </Fact>
      <Fact name={r("notes")}>
        {authority.notes.length > 0 && <TextList items={authority.notes} lang="en" />}
      </Fact>
    </>
  );
}

/** The name of an office and, smaller, its unit and kind. */
export function OfficeName({ authority }: { authority: Authority }) {
  const name = pick(authority.displayNames);
  return <span lang={langOf(name)}>{name?.text ?? slugOf(authority.name)}</span>;
}

/** Gives a file of text to the browser to keep. */
export function saveFile(name: string, parts: BlobPart[], type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function saveCard(authority: string): Promise<void> {
  const chunks: BlobPart[] = [];
  const answers = (await exportService()).export({ format: ExportFormat.VCARD, authority });
  for await (const { chunk } of answers) chunks.push(chunk as BlobPart);
  saveFile(`${codeOf(authority)}-${slugOf(authority)}.vcf`, chunks, "text/vcard");
}

export function CardButton({ authority }: { authority: string }) {
  return (
    <button
      type="button"
      onClick={() => {
        saveCard(authority).catch(() => announce(r("vcardFailed")));
      }}
    >
      {r("vcard")}
    </button>
  );
}
