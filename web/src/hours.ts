// What time it is at an office, and whether it is open by its stated hours.
import { language } from "./i18n";

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** `UTC+02:00` as Intl takes it; a name of the IANA database as it is. */
function zoneForIntl(zone: string): string {
  const fixed = /^UTC([+-]\d\d:\d\d)$/.exec(zone);
  if (!fixed) return zone;
  return fixed[1] === "+00:00" || fixed[1] === "-00:00" ? "UTC" : fixed[1]!;
}

/** `Friday 14:05` there; "" for a zone that the browser does not know. */
export function timeIn(zone: string, now: Date): string {
  try {
    return new Intl.DateTimeFormat(language.value === "ar" ? "ar-u-nu-latn" : language.value, {
      timeZone: zoneForIntl(zone),
      weekday: "long",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    }).format(now);
  } catch {
    return "";
  }
}

/** Day (0: Monday) and minute of the day there. */
function momentIn(zone: string, now: Date): { day: number; minute: number } | undefined {
  try {
    const parts = new Intl.DateTimeFormat("en", {
      timeZone: zoneForIntl(zone),
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    }).formatToParts(now);
    const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
    const day = days.indexOf(part("weekday").toLowerCase());
    return { day, minute: Number(part("hour")) * 60 + Number(part("minute")) };
  } catch {
    return undefined;
  }
}

/**
 * Whether an office is open, where its hours are of the one shape that is read
 * here, `0800 - 1800 (Monday-Friday)`; undefined: not known. Holidays are not
 * known to anybody here.
 */
export function isOpen(hours: string, zone: string, now: Date): boolean | undefined {
  const read =
    /^\s*(\d\d):?(\d\d)\s*[-–]\s*(\d\d):?(\d\d)\s*\(?\s*([a-z]+)\s*[-–]\s*([a-z]+)\s*\)?\s*$/i.exec(
      hours,
    );
  const moment = zone ? momentIn(zone, now) : undefined;
  if (!read || !moment) return undefined;
  const from = Number(read[1]) * 60 + Number(read[2]);
  const until = Number(read[3]) * 60 + Number(read[4]);
  const first = days.indexOf(read[5]!.slice(0, 3).toLowerCase());
  const last = days.indexOf(read[6]!.slice(0, 3).toLowerCase());
  if (first < 0 || last < first || until <= from || until > 24 * 60) return undefined;
  return (
    moment.day >= first && moment.day <= last && moment.minute >= from && moment.minute < until
  );
}
