import type { Http } from "./http";

export interface WritSettings {
  broker?: { url: string; ca?: string };
  broker_client?: string;
  console_theme?: boolean;
}

/** Where this realm's broker is (`/admin/realms/{realm}/writ/settings`). */
export class Settings {
  constructor(private readonly http: Http) {}

  read(signal?: AbortSignal) {
    return this.http.get<WritSettings>("writ/settings", {}, signal);
  }

  save(settings: WritSettings) {
    return this.http.put<WritSettings | undefined>("writ/settings", settings);
  }
}
