// Loaded before Microsoft's client (NODE_OPTIONS=--require). By itself it listens on every
// interface of the machine; with this it listens on 127.0.0.1, and a connection to anywhere else
// is refused and told on standard error.
"use strict";

const net = require("node:net");

const HERE = ["127.0.0.1", "::1", "localhost"];

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function listenHere(where, ...rest) {
  if (typeof where === "number") {
    const host = typeof rest[0] === "string" ? 1 : 0;
    return listen.call(this, where, HERE[0], ...rest.slice(host));
  }
  if (where && typeof where === "object" && "port" in where) {
    return listen.call(this, { ...where, host: HERE[0] }, ...rest);
  }
  return listen.call(this, where, ...rest);
};

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function connectHere(...given) {
  const [first, second] = Array.isArray(given[0]) ? given[0] : given;
  const { host, path } =
    first && typeof first === "object" ? first : { host: typeof second === "string" ? second : "" };
  if (path || !host || HERE.includes(host)) {
    return connect.apply(this, given);
  }
  process.stderr.write(`refused a connection to ${host}\n`);
  process.nextTick(() => this.destroy(new Error(`no connection to ${host} from here`)));
  return this;
};
