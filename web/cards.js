// Cards: flight offers, the summary before booking, the booking. Built from elements and textContent only, so that no
// text of anyone's is ever read as HTML.

import { language, say, sayOr } from "./strings.js";

/** Make an element: `make("p", "class names", child or text, ...)`; null children are left out. */
export function make(tag, className = "", ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((each) => each !== null && each !== undefined && each !== ""));
  return element;
}

/** A button that calls `onPress(event)`. */
export function makeButton(className, text, onPress) {
  const button = make("button", className, text);
  button.type = "button";
  button.addEventListener("click", onPress);
  return button;
}

// Times are local to their airport and come without a zone: "2026-11-27T07:10" is shown as it stands.
const timeOf = (moment) => String(moment).slice(11, 16);

function dayOf(moment) {
  const day = new Date(`${String(moment).slice(0, 10)}T00:00Z`);
  if (Number.isNaN(day.getTime())) return "";
  const locale = (navigator.language || "").startsWith(language) ? navigator.language : language;
  return day.toLocaleDateString(locale, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
}

function makeEnd(className, moment, airport, nextDay) {
  const time = make("time", "leg-time", timeOf(moment));
  time.dateTime = String(moment);
  if (nextDay) time.append(make("sup", "", `+${nextDay}`));
  return make("div", className, time, make("span", "leg-airport", airport), make("span", "leg-day", dayOf(moment)));
}

function makeLeg(leg, heading) {
  const via = leg.via?.length ? say("via", { airports: leg.via.join(", ") }) : "";
  return make(
    "section",
    "leg",
    make(
      "p",
      "leg-carrier",
      heading && make("span", "leg-heading", heading),
      make("strong", "", leg.carrier),
      make("span", "leg-numbers", leg.flight_numbers),
    ),
    make(
      "div",
      "leg-row",
      makeEnd("leg-end", leg.departs, leg.origin, 0),
      make(
        "div",
        "leg-path",
        make("span", "leg-duration", leg.duration),
        make("span", "leg-line"),
        make("span", "leg-stops", [leg.stops_text, via].filter(Boolean).join(" ")),
      ),
      makeEnd("leg-end leg-arrival", leg.arrives, leg.destination, leg.next_day),
    ),
  );
}

function makeOffer(offer, send) {
  const time = timeOf(offer.departs);
  const choose = makeButton("primary choose", say("choose"), (event) =>
    send(String(offer.payload), say("chosen", { ...offer, time }), event),
  );
  choose.setAttribute("aria-label", say("choose_flight", { ...offer, time }));
  const differs = offer.total && offer.total !== offer.price;
  return make(
    "li",
    "card offer",
    make(
      "div",
      "offer-legs",
      makeLeg(offer, offer.inbound ? say("outbound") : null),
      offer.inbound ? makeLeg(offer.inbound, say("inbound")) : null,
      make(
        "p",
        "tags",
        make("span", "tag", sayOr(offer.cabin, offer.cabin)),
        make("span", "tag", say(offer.refundable ? "refundable" : "not_refundable")),
      ),
    ),
    make(
      "div",
      "offer-side",
      make(
        "p",
        "offer-price",
        make("strong", "", offer.price),
        differs ? make("span", "", say("per_person")) : null,
        differs ? make("span", "", say("in_total", offer)) : null,
      ),
      choose,
    ),
  );
}

function makeOffers({ title, offers }, send) {
  const list = make("ol", "offers", ...offers.map((offer) => makeOffer(offer, send)));
  if (title) list.setAttribute("aria-label", title);
  return [title ? make("p", "bubble", title) : null, list];
}

function makeRows(rows) {
  const list = make("dl", "rows");
  for (const [label, value] of rows ?? []) list.append(make("div", "row", make("dt", "", label), make("dd", "", value)));
  return list;
}

function makeSummary({ title, rows, price }) {
  const total = price ? make("p", "summary-price", make("span", "", say("total")), make("strong", "", price)) : null;
  return [make("section", "card summary", make("h3", "", title), makeRows(rows), total)];
}

function makeBooking({ title, reference, rows }) {
  const copy = makeButton("quiet copy", say("copy"), async () => {
    try {
      await navigator.clipboard.writeText(reference);
      copy.textContent = say("copied");
    } catch {
      getSelection().selectAllChildren(code); // no clipboard here: marked, ready to be copied by hand
    }
  });
  const code = make("strong", "reference", reference);
  return [
    make(
      "section",
      "card booking",
      make(
        "div",
        "booking-head",
        make("div", "", make("h3", "", title || say("your_booking")), make("p", "muted", say("reference")), code),
        navigator.clipboard ? copy : null,
      ),
      makeRows(rows),
    ),
  ];
}

const MAKERS = { offers: makeOffers, summary: makeSummary, booking: makeBooking };

/**
 * The elements of a `custom` payload, or null where the page does not know its kind or cannot read it: then the
 * caller shows the plain text. `send(message, label, event)` is called when the traveller chooses.
 */
export function makeCards(custom, send) {
  if (!custom || !Object.hasOwn(MAKERS, custom.type)) return null;
  try {
    return MAKERS[custom.type](custom, send).filter((each) => each !== null);
  } catch (error) {
    console.warn(`This ${custom.type} card cannot be shown; its text is shown instead.`, error);
    return null;
  }
}
