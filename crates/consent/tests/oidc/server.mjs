// oidc-provider set up to behave on the wire as the provider documents: rotation on every use, reuse kills the grant,
// errors in an envelope of its own. `node server.mjs PORT CALLBACK` prints `ready`.
// /__test/drop: the next token answer is dropped after the rotation. /__test/revoke?account=A: A withdraws its consent.
import Provider from 'oidc-provider';

const port = Number(process.argv[2]);
const callback = process.argv[3];
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'fleet',
    client_secret: 's3cr3t-of-fleet',
    redirect_uris: [callback],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
    scope: 'read:*',
  }],
  scopes: ['read:*'],
  routes: { authorization: '/oauth/authorize', token: '/oauth/token' },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: async (ctx, client) => client.grantTypeAllowed('refresh_token'),
  ttl: {
    AccessToken: 3600, AuthorizationCode: 600, ClientCredentials: 3600, RefreshToken: 1209600, Grant: 1209600,
    Session: 86400, Interaction: 600,
  },
  features: {
    devInteractions: { enabled: true }, clientCredentials: { enabled: true }, revocation: { enabled: true },
    introspection: { enabled: true },
  },
  cookies: { keys: ['loopback-test-only'] },
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
});

const grants = new Map();
provider.on('grant.success', (ctx) => {
  const { Grant } = ctx.oidc.entities;
  if (Grant) grants.set(Grant.accountId, Grant.jti);
});

let drop = 0;
provider.use(async (ctx, next) => {
  if (ctx.path === '/__test/drop') { drop += 1; ctx.status = 204; return; }
  if (ctx.path === '/__test/revoke') {
    const grant = await provider.Grant.find(grants.get(ctx.query.account));
    await grant.destroy();
    ctx.status = 204;
    return;
  }
  await next();
  if (ctx.path !== '/oauth/token') return;
  if (ctx.status >= 400) {
    const refused = ['invalid_grant', 'invalid_client'].includes(ctx.body?.error);
    const code = refused ? 'UNAUTHORIZED' : 'BAD_REQUEST';
    ctx.status = refused ? 401 : 400;
    ctx.body = { code, message: 'refused', requestId: crypto.randomUUID(), docs: 'https://docs.example.org' };
  } else if (drop > 0) {
    drop -= 1;
    ctx.respond = false;
    ctx.req.socket.destroy();
  }
});
provider.listen(port, '127.0.0.1', () => console.log('ready'));
