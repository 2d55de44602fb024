/** An answer that is a problem (RFC 9457). */
export class Refused extends Error {
  constructor(status, body) {
    super(body.detail ?? body.title);
    this.status = status;
    this.body = { status, ...body };
  }
}
