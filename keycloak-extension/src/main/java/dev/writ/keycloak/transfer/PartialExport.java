package dev.writ.keycloak.transfer;

import jakarta.ws.rs.core.MediaType;
import org.keycloak.exportimport.ExportAdapter;
import org.keycloak.exportimport.ExportOptions;
import org.keycloak.exportimport.util.ExportUtils;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.StripSecretsUtils;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.storage.DatastoreProvider;
import org.keycloak.storage.ExportImportManager;
import org.keycloak.storage.datastore.DefaultDatastoreProvider;
import org.keycloak.storage.datastore.DefaultDatastoreProviderFactory;
import org.keycloak.storage.datastore.DefaultExportImportManager;
import org.keycloak.util.JsonSerialization;

/**
 * The export that the admin console offers. Only the datastore has a say in what it writes, so this
 * is Keycloak's datastore with another manager of exports.
 */
public final class PartialExport extends DefaultDatastoreProviderFactory {

  @Override
  public DatastoreProvider create(KeycloakSession session) {
    return new Datastore(this, session);
  }

  private static final class Datastore extends DefaultDatastoreProvider {
    private final KeycloakSession session;

    Datastore(DefaultDatastoreProviderFactory factory, KeycloakSession session) {
      super(factory, session);
      this.session = session;
    }

    @Override
    public ExportImportManager getExportImportManager() {
      return new Manager(session);
    }
  }

  private static final class Manager extends DefaultExportImportManager {
    private final KeycloakSession session;

    Manager(KeycloakSession session) {
      super(session);
      this.session = session;
    }

    @Override
    public void exportRealm(RealmModel realm, ExportOptions options, ExportAdapter callback) {
      callback.setType(MediaType.APPLICATION_JSON);
      callback.writeToOutputStream(stream -> {
        RealmRepresentation rep = ExportUtils.exportRealm(session, realm, options, false);
        StripSecretsUtils.stripSecrets(session, rep);
        Luggage.pack(session, realm, rep);
        JsonSerialization.writeValueToStream(stream, rep);
        stream.close();
      });
    }
  }

  @Override
  public int order() {
    return 100;
  }
}
