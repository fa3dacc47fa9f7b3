"use strict";

// Renders /openapi.json. Text is only ever set as text, never as markup.

const METHODS = ["get", "post", "put", "patch", "delete"];

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function table(head, rows) {
  const made = element("table");
  const first = made.createTHead().insertRow();
  head.forEach((text) => first.append(element("th", text)));
  const body = made.createTBody();
  rows.forEach((cells) => {
    const row = body.insertRow();
    cells.forEach((text) => { row.insertCell().textContent = text; });
  });
  return made;
}

function resolve(spec, schema) {
  if (!schema || !schema.$ref) return schema || {};
  return schema.$ref.slice(2).split("/").reduce((part, key) => part[key], spec) || {};
}

function typeOf(spec, schema) {
  if (!schema) return "";
  if (schema.$ref) {
    const target = resolve(spec, schema);
    return target.enum ? target.enum.join(" | ") : schema.$ref.split("/").pop();
  }
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.join(" | ");
  const choices = schema.anyOf || schema.oneOf || schema.allOf;
  if (choices) return choices.map((each) => typeOf(spec, each)).join(" | ");
  if (schema.type === "array") return `${typeOf(spec, schema.items)}[]`;
  return [schema.type, schema.format, schema.pattern].filter(Boolean).join(" ");
}

function fields(spec, schema, prefix = "", seen = []) {
  const name = schema && schema.$ref;
  if (name && seen.includes(name)) return [];
  const target = resolve(spec, schema);
  const inner = target.items ? resolve(spec, target.items) : target;
  const required = inner.required || [];
  return Object.entries(inner.properties || {}).flatMap(([key, value]) => {
    const path = prefix + key;
    const row = [path + (required.includes(key) ? " *" : ""), typeOf(spec, value), value.description || ""];
    const nested = [value, ...(value.anyOf || [])].find((each) => each.$ref || (each.items && each.items.$ref));
    const below = nested
      ? fields(spec, nested.$ref ? nested : nested.items, `${path}${nested.items ? "[]" : ""}.`, seen.concat(name || []))
      : [];
    return [row, ...below];
  });
}

function showBody(spec, into, content) {
  Object.entries(content || {}).forEach(([mediaType, media]) => {
    const kinds = resolve(spec, media.schema).oneOf || [media.schema];
    kinds.forEach((kind) => {
      const name = kinds.length > 1 ? `: ${typeOf(spec, kind)}` : "";
      into.append(element("h4", `Body, ${mediaType}${name}`));
      const rows = fields(spec, kind);
      if (rows.length) into.append(table(["field", "type", ""], rows));
    });
    Object.values(media.examples || {}).forEach((example) => {
      into.append(element("p", `Example: ${example.summary || ""}`));
      into.append(element("pre", JSON.stringify(example.value, null, 2)));
    });
  });
}

function showResponses(spec, into, responses) {
  into.append(element("h4", "Answers"));
  into.append(table(["status", "type", "meaning"], Object.entries(responses).map(([status, response]) => {
    const [mediaType, media] = Object.entries(response.content || {})[0] || ["", {}];
    return [status, `${mediaType} ${typeOf(spec, media.schema)}`.trim(), response.description || ""];
  })));
  Object.entries(responses).filter(([status]) => status < "300").forEach(([status, response]) => {
    Object.values(response.content || {}).forEach((media) => {
      const rows = fields(spec, media.schema);
      if (rows.length) {
        into.append(element("h4", `Answer ${status}`));
        into.append(table(["field", "type", ""], rows));
      }
    });
  });
}

function showCall(spec, path, method, operation) {
  const call = element("details");
  const summary = element("summary");
  summary.append(element("span", method.toUpperCase(), `method ${method}`), element("span", path, "path"),
    element("span", operation.summary || ""));
  const body = element("div", undefined, "body");
  call.append(summary, body);
  call.dataset.search = `${method} ${path} ${operation.summary} ${operation.description}`.toLowerCase();
  call.addEventListener("toggle", () => {
    if (!call.open || body.childElementCount) return;
    (operation.description || "").split("\n\n").forEach((text) => {
      body.append(element("p", text, text.startsWith("Who:") ? "who" : ""));
    });
    if (operation.parameters) {
      body.append(element("h4", "Parameters"));
      body.append(table(["name", "in", "type", ""], operation.parameters.map((each) => [
        each.name + (each.required ? " *" : ""), each.in, typeOf(spec, each.schema), each.description || "",
      ])));
    }
    if (operation.requestBody) showBody(spec, body, operation.requestBody.content);
    showResponses(spec, body, operation.responses);
  });
  return call;
}

function show(spec) {
  const calls = document.getElementById("calls");
  document.getElementById("title").textContent = `${spec.info.title} – API ${spec.info.version}`;
  document.getElementById("description").textContent = spec.info.description || "";
  calls.replaceChildren();
  (spec.tags || []).forEach((tag) => {
    const section = element("section");
    section.append(element("h2", tag.name), element("p", tag.description || ""));
    Object.entries(spec.paths).forEach(([path, methods]) => {
      METHODS.filter((method) => methods[method] && methods[method].tags.includes(tag.name))
        .forEach((method) => section.append(showCall(spec, path, method, methods[method])));
    });
    calls.append(section);
  });
}

function filterCalls(event) {
  const wanted = event.target.value.trim().toLowerCase();
  document.querySelectorAll("details").forEach((call) => {
    call.classList.toggle("hidden", !call.dataset.search.includes(wanted));
  });
}

document.getElementById("filter").addEventListener("input", filterCalls);
fetch("/openapi.json")
  .then((response) => response.json())
  .then(show)
  .catch(() => { document.getElementById("state").textContent = "The document could not be loaded."; });
