// Asks a proxy over HTTP/2 for tunnels on one connection: connect.mjs PROXY CA INNER-CA TOKEN AUTHORITY PATH...
// First without saying who it is, then with the token, one tunnel for each path.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import https from 'node:https';
import tls from 'node:tls';

const [proxy, ca, innerCa, token, authority, ...paths] = process.argv.slice(2);
const session = http2.connect(proxy, { ca: readFileSync(ca) });
const inner = readFileSync(innerCa);
const credentials = { 'proxy-authorization': `Basic ${Buffer.from(token).toString('base64')}` };

async function connect(fields) {
  const stream = session.request({ ':method': 'CONNECT', ':authority': authority, ...fields });
  const [head] = await once(stream, 'response');
  return { stream, head };
}

async function get(path) {
  const { stream, head } = await connect(credentials);
  console.log(`CONNECT ${head[':status']} ${head['content-length'] ?? 'without length'}`);
  const [servername] = authority.split(':');
  const createConnection = () => tls.connect({ socket: stream, servername, ca: inner });
  const request = https.get({ path, createConnection, headers: { host: authority } });
  const [response] = await once(request, 'response');
  let text = '';
  for await (const piece of response) text += piece;
  console.log(`${response.statusCode} ${text.trim()}`);
}

const { stream, head } = await connect({});
stream.resume();
await once(stream, 'end');
console.log(`CONNECT ${head[':status']} ${head['proxy-authenticate']}`);
await Promise.all(paths.map(get));
session.destroy();
