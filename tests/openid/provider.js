// A real OpenID Connect provider for the tests, on loopback. Its first argument, as JSON:
//   port          where it listens
//   client        client_id, client_secret, redirect_uris
//   people        name to sign in with → claims; any password will do
//   code_s        seconds that a code counts
//   in_id_token   whether claims are in the ID token too, and not only in userinfo
// It prints a line once it listens.
import Provider from 'oidc-provider';

const { port, client, people, code_s, in_id_token } = JSON.parse(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [client],
  claims: { openid: ['sub'], profile: ['preferred_username', 'groups', 'agent_id'] },
  conformIdTokenClaims: !in_id_token,
  findAccount: (_, id) => id in people && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
  ttl: {
    AuthorizationCode: code_s, AccessToken: 600, IdToken: 600, Interaction: 600, Session: 600, Grant: 600,
  },
  cookies: { keys: ['for tests'] },
});

provider.listen(port, '127.0.0.1', () => console.log(`listening at ${issuer}`));
