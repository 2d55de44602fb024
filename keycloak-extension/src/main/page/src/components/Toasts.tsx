import { createContext, useCallback, useContext, useState, type ReactNode } from "react";
import { Alert, AlertActionCloseButton, AlertGroup } from "../pf";

type Tell = (title: string, variant?: "success" | "info" | "warning") => void;

const Context = createContext<Tell>(() => undefined);

/** How long a notice stays, in milliseconds. */
const STAYS = 8000;
let last = 0;

/** Notices in the corner, read out as they come. */
export function Toasts({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<{ key: number; title: string; variant: "success" | "info" | "warning" }[]>([]);
  const close = useCallback((key: number) => setNotices((all) => all.filter((one) => one.key !== key)), []);
  const tell = useCallback<Tell>((title, variant = "success") => {
    setNotices((all) => [...all, { key: ++last, title, variant }]);
  }, []);
  return (
    <Context.Provider value={tell}>
      {children}
      <AlertGroup isToast isLiveRegion>
        {notices.map(({ key, title, variant }) => (
          <Alert
            key={key}
            variant={variant}
            title={title}
            component="p"
            timeout={STAYS}
            onTimeout={() => close(key)}
            actionClose={<AlertActionCloseButton title={title} onClose={() => close(key)} />}
          />
        ))}
      </AlertGroup>
    </Context.Provider>
  );
}

export function useTell(): Tell {
  return useContext(Context);
}
