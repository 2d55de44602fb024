const exact = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** A moment in the reader's own time zone. */
export function moment(at: string): string {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? at : exact.format(time);
}

/** "3 hours ago". */
export function ago(at: string, now: number): string {
  const seconds = (new Date(at).getTime() - now) / 1000;
  const [unit, size] = units.find(([, one]) => Math.abs(seconds) >= one) ?? ["second", 1];
  return Number.isNaN(seconds) ? at : unit === "second" ? "just now" : relative.format(Math.round(seconds / size), unit);
}

/** What is left until then: "3 h 12 min", "4 min 09 s", "ended". */
export function left(until: string, now: number): string {
  const seconds = Math.floor((new Date(until).getTime() - now) / 1000);
  if (seconds <= 0) {
    return "ended";
  }
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  if (days > 0) {
    return `${days} d ${hours} h`;
  }
  return hours > 0 ? `${hours} h ${two(minutes)} min` : `${minutes} min ${two(seconds % 60)} s`;
}

/** `user:ada` as people read it; `master/user:ada` is an admin of another realm. */
export function who(principal: string): string {
  const [, realm, name] = /^(?:(.+)\/)?user:(.+)$/.exec(principal) ?? [];
  return name === undefined ? principal : realm === undefined ? name : `${name} (realm ${realm})`;
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}
