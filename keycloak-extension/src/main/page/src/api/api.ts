import { createContext, useContext } from "react";
import type { Place } from "../place";
import type { Session } from "../session";
import { Agents } from "./agents";
import { Http } from "./http";
import { Policies } from "./policies";
import { Realm } from "./realm";
import { Settings } from "./settings";

/** All that the views may call, and who calls. */
export interface Api {
  place: Place;
  session: Session;
  policies: Policies;
  agents: Agents;
  settings: Settings;
  realm: Realm;
}

export function apiOf(place: Place, session: Session): Api {
  const http = new Http(place, session);
  return {
    place,
    session,
    policies: new Policies(http),
    agents: new Agents(http),
    settings: new Settings(http),
    realm: new Realm(http),
  };
}

const Context = createContext<Api | undefined>(undefined);

export const ApiProvider = Context.Provider;

export function useApi(): Api {
  const api = useContext(Context);
  if (!api) {
    throw new Error("outside of ApiProvider");
  }
  return api;
}
