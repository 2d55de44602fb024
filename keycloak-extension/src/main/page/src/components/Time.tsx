import { ago, moment } from "../times";

/** When something was: as a distance, the exact time on hover and for screen readers. */
export function Ago({ at, now }: { at: string; now: number }) {
  return (
    <time dateTime={at} title={moment(at)}>
      {ago(at, now)}
    </time>
  );
}

/** The exact time. */
export function At({ at }: { at: string }) {
  return <time dateTime={at}>{moment(at)}</time>;
}
