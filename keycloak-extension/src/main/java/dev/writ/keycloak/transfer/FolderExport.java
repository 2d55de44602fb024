package dev.writ.keycloak.transfer;

import java.io.IOException;
import java.util.Locale;
import org.keycloak.Config;
import org.keycloak.exportimport.ExportImportConfig;
import org.keycloak.exportimport.ExportProvider;
import org.keycloak.exportimport.UsersExportStrategy;
import org.keycloak.exportimport.dir.DirExportProvider;
import org.keycloak.exportimport.dir.DirExportProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.representations.idm.RealmRepresentation;

/** {@code kc.sh export --dir}, in place of Keycloak's own. */
public final class FolderExport extends DirExportProviderFactory {
  private Config.Scope config = Config.scope();

  @Override
  public ExportProvider create(KeycloakSession session) {
    String users =
        setting(
            ExportImportConfig.USERS_EXPORT_STRATEGY,
            USERS_EXPORT_STRATEGY,
            ExportImportConfig.DEFAULT_USERS_EXPORT_STRATEGY.toString());
    String perFile =
        setting(
            ExportImportConfig.USERS_PER_FILE,
            USERS_PER_FILE,
            String.valueOf(ExportImportConfig.DEFAULT_USERS_PER_FILE));
    return new Export(session.getKeycloakSessionFactory())
        .withDir(System.getProperty(ExportImportConfig.DIR, config.get(DIR)))
        .withRealmName(System.getProperty(ExportImportConfig.REALM_NAME, config.get(REALM_NAME)))
        .withUsersExportStrategy(UsersExportStrategy.valueOf(users.toUpperCase(Locale.ROOT)))
        .withUsersPerFile(Integer.parseInt(perFile.trim()));
  }

  private String setting(String property, String key, String usual) {
    return System.getProperty(property, config.get(key, usual));
  }

  private static final class Export extends DirExportProvider {
    Export(KeycloakSessionFactory factory) {
      super(factory);
    }

    @Override
    public void writeRealm(String fileName, RealmRepresentation rep) throws IOException {
      KeycloakModelUtils.runJobInTransaction(
          factory,
          session -> {
            RealmModel realm = session.realms().getRealmByName(rep.getRealm());
            Luggage.pack(session, realm, rep);
          });
      super.writeRealm(fileName, rep);
    }
  }

  @Override
  public void init(Config.Scope scope) {
    super.init(scope);
    config = scope;
  }

  @Override
  public int order() {
    return 100;
  }
}
