package dev.writ.keycloak.page;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keycloak.Config;
import org.keycloak.common.util.Encode;
import org.keycloak.models.AdminRoles;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ProtocolMapperModel;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.cache.CacheRealmProvider;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.protocol.oidc.OIDCConfigAttributes;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.mappers.AudienceProtocolMapper;
import org.keycloak.protocol.oidc.mappers.GroupMembershipMapper;
import org.keycloak.protocol.oidc.mappers.SubMapper;
import org.keycloak.protocol.oidc.mappers.UserPropertyMapper;
import org.keycloak.services.managers.RealmManager;

/**
 * The public client {@code writ-console} that the page logs in with. Its tokens carry what the
 * broker needs to know of a person, and of the person's roles only those that the page can use, so
 * that a token lost by the page is worth no more than the page.
 */
public final class ConsoleClient {
  public static final String ID = "writ-console";

  private static final String AUDIENCE = "writ";

  private static final List<String> ROLES = List.of(AdminRoles.VIEW_REALM, AdminRoles.MANAGE_REALM);

  private ConsoleClient() {}

  /** Makes the client if the realm has none, and lets it follow the realm's name. */
  public static void ensure(RealmModel realm) {
    ClientModel client = realm.getClientByClientId(ID);
    if (client == null) {
      make(realm);
    } else if (!path(realm).equals(client.getBaseUrl())) {
      settle(client, realm);
    }
  }

  /**
   * Lets administrators administer the realm by the page: its own by its own client, and those of
   * the administration realm by that one's. Everything has to be there by then.
   */
  public static void open(KeycloakSession session, RealmModel realm) {
    RealmModel master = session.realms().getRealmByName(Config.getAdminRealm());
    scope(session, master, realm.getMasterAdminClient());
    if (!RealmManager.isAdministrationRealm(realm)) {
      String management = new RealmManager(session).getRealmAdminClientId(realm);
      scope(session, realm, realm.getClientByClientId(management));
    }
  }

  private static void scope(
      KeycloakSession session, RealmModel realm, @Nullable ClientModel management) {
    ClientModel client = realm.getClientByClientId(ID);
    if (client == null || management == null) {
      return;
    }
    for (String name : ROLES) {
      RoleModel role = management.getRole(name);
      if (role != null && !client.hasDirectScope(role)) {
        client.addScopeMapping(role);
        forget(session, realm, client);
      }
    }
  }

  /**
   * Has every node read the client again. Keycloak does not notice the change by itself where
   * something else of the realm was changed before in the same transaction.
   */
  private static void forget(KeycloakSession session, RealmModel realm, ClientModel client) {
    CacheRealmProvider cache = session.getProvider(CacheRealmProvider.class);
    if (cache != null) {
      cache.registerClientInvalidation(client.getId(), ID, realm.getId());
    }
  }

  private static String path(RealmModel realm) {
    return "/realms/" + Encode.encodePathAsIs(realm.getName()) + "/writ/";
  }

  private static void settle(ClientModel client, RealmModel realm) {
    client.setBaseUrl(path(realm));
    client.setRedirectUris(Set.of(path(realm) + "*"));
  }

  private static void make(RealmModel realm) {
    ClientModel client = KeycloakModelUtils.createPublicClient(realm, ID);
    client.setName("Writ");
    client.setDescription("Agent policies of this realm: the page for its administrators");
    client.setProtocol(OIDCLoginProtocol.LOGIN_PROTOCOL);
    client.setRootUrl(Constants.AUTH_BASE_URL_PROP);
    settle(client, realm);
    client.setWebOrigins(Set.of(Constants.INCLUDE_REDIRECTS));
    client.setAttribute(
        OIDCConfigAttributes.POST_LOGOUT_REDIRECT_URIS, Constants.INCLUDE_REDIRECTS);
    client.setAttribute(OIDCConfigAttributes.PKCE_CODE_CHALLENGE_METHOD, "S256");
    client.setStandardFlowEnabled(true);
    client.setDirectAccessGrantsEnabled(false);
    client.setFullScopeAllowed(false);
    mappers(client);
    client.setEnabled(true);
  }

  /** All that is needed, for a realm may have no scopes that bring it. */
  private static void mappers(ClientModel client) {
    ProtocolMapperModel groups =
        GroupMembershipMapper.create("groups", "groups", false, null, true, false, true);
    groups.setConfig(with(groups.getConfig(), "full.path", "true"));
    client.addProtocolMapper(groups);
    client.addProtocolMapper(
        AudienceProtocolMapper.createClaimMapper("audience", null, AUDIENCE, true, false, true));
    client.addProtocolMapper(SubMapper.create("sub", true, true));
    client.addProtocolMapper(
        UserPropertyMapper.createClaimMapper(
            "username", "username", "preferred_username", "String", true, true, true));
  }

  private static Map<String, String> with(Map<String, String> config, String key, String value) {
    Map<String, String> more = new HashMap<>(config);
    more.put(key, value);
    return more;
  }
}
