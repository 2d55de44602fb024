package dev.writ.keycloak.transfer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.Optional;
import org.keycloak.Config;
import org.keycloak.exportimport.ExportImportConfig;
import org.keycloak.exportimport.ExportProvider;
import org.keycloak.exportimport.singlefile.SingleFileExportProviderFactory;
import org.keycloak.exportimport.util.ExportImportSessionTask;
import org.keycloak.exportimport.util.ExportUtils;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.services.ServicesLogger;
import org.keycloak.services.util.ObjectMapperResolver;

/** {@code kc.sh export --file}, in place of Keycloak's own. */
public final class FileExport extends SingleFileExportProviderFactory {
  private Config.Scope config = Config.scope();

  @Override
  public ExportProvider create(KeycloakSession session) {
    String file = System.getProperty(ExportImportConfig.FILE, config.get(FILE));
    String realm = System.getProperty(ExportImportConfig.REALM_NAME, config.get(REALM_NAME));
    return new Export(
        session.getKeycloakSessionFactory(),
        new File(Objects.requireNonNull(file, "file name not configured")),
        Optional.ofNullable(realm));
  }

  /** As Keycloak's own does it, which lets nobody in between. */
  private record Export(KeycloakSessionFactory factory, File file, Optional<String> realm)
      implements ExportProvider {

    @Override
    public void exportModel() {
      new ExportImportSessionTask() {
        @Override
        protected void runExportImportTask(KeycloakSession session) throws IOException {
          if (realm.isPresent()) {
            ServicesLogger.LOGGER.realmExportRequested(realm.get());
            write(exported(session, named(session, realm.get())));
          } else {
            ServicesLogger.LOGGER.fullModelExportRequested();
            write(session.realms().getRealmsStream().map(one -> exported(session, one)));
          }
        }
      }.runTask(factory);
      ServicesLogger.LOGGER.exportSuccess();
    }

    private static RealmModel named(KeycloakSession session, String name) {
      return Objects.requireNonNull(
          session.realms().getRealmByName(name), "realm not found by realm name '" + name + "'");
    }

    private static RealmRepresentation exported(KeycloakSession session, RealmModel realm) {
      session.getContext().setRealm(realm);
      RealmRepresentation rep = ExportUtils.exportRealm(session, realm, true, true);
      Luggage.pack(session, realm, rep);
      return rep;
    }

    private void write(Object realms) throws IOException {
      ObjectMapper mapper = ObjectMapperResolver.createStreamSerializer();
      mapper.configure(SerializationFeature.FAIL_ON_EMPTY_BEANS, false);
      mapper.enable(SerializationFeature.INDENT_OUTPUT);
      try (OutputStream stream = new FileOutputStream(file)) {
        mapper.writeValue(stream, realms);
      }
    }

    @Override
    public void close() {}
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
