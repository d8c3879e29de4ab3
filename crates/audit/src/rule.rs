//! The name and unit of every rule: the index of what an audit looks at.

/// A rule: its name in a violation, and the unit in which it is missed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
}

macro_rules! rules {
    ($($constant:ident = $name:literal in $unit:literal;)+) => {
        $(pub(crate) const $constant: Rule = Rule { name: $name, unit: $unit };)+

        /// The name of every rule, in the order in which the model states them.
        pub fn rules() -> impl Iterator<Item = &'static str> {
            [$($constant),+].into_iter().map(|rule| rule.name)
        }
    };
}

rules! {
    VALUE_COUNT = "as many values as the horizon has" in "values";
    FINITE = "every value is a number" in "value";

    POWER_BALANCE = "power balance" in "kW";
    METER_SIGN = "import and export are at least 0" in "kW";
    METER_DIRECTION = "never import and export at once" in "kW";
    IMPORT_LIMIT = "import limit" in "kW";
    EXPORT_LIMIT = "export limit" in "kW";
    CURTAIL_RANGE = "curtailment from 0 to the generation" in "kW";
    CURTAIL_ALLOWED = "no curtailment where the home cannot" in "kW";

    BATTERY_INITIAL = "battery starts with its initial energy" in "kWh";
    BATTERY_BALANCE = "battery energy balance" in "kWh";
    BATTERY_FLOOR = "battery holds its least energy" in "kWh";
    BATTERY_CEILING = "battery holds at most its capacity" in "kWh";
    BATTERY_CHARGE = "battery charges with 0 or a power in range" in "kW";
    BATTERY_DISCHARGE = "battery discharges with 0 or a power in range" in "kW";
    BATTERY_DIRECTION = "battery never charges and discharges at once" in "kW";
    BATTERY_GRID_CHARGING = "battery charges only while the home does not import" in "kW";
    BATTERY_GRID_EXPORT = "battery discharges only while the home does not export" in "kW";

    EV_INITIAL = "EV starts with its initial energy" in "kWh";
    EV_BALANCE = "EV energy balance" in "kWh";
    EV_CAPACITY = "EV energy from 0 to its capacity" in "kWh";
    EV_CONNECTED = "EV is off while away" in "kW";
    EV_CHARGE = "EV charges with 0 or a power of a mode" in "kW";
    EV_DISCHARGE = "EV discharges with 0 or a power in range" in "kW";
    EV_DIRECTION = "EV never charges and discharges at once" in "kW";
    EV_RESERVE = "EV discharges only down to its reserve" in "kWh";
    EV_GRID_EXPORT = "EV discharges only while the home does not export" in "kW";

    ONE_SINK = "compressor serves one sink at a time" in "kW";
    COMPRESSOR_POWER = "compressor draws 0 or a power in range" in "kW";
    HEATER_POWER = "heater draws a power in range" in "kW";
    NO_SUCH_SINK = "no power for a sink it does not heat" in "kW";
    MIN_RUN = "compressor runs its least time" in "intervals";
    MIN_PAUSE = "compressor pauses its least time" in "intervals";
    START_CAP = "compressor starts at most so often" in "starts";
    ROOM_INITIAL = "rooms start at their initial temperature" in "K";
    ROOM_BALANCE = "room temperature recursion" in "K";
    WATER_INITIAL = "hot water starts with its initial heat" in "kWh";
    WATER_BALANCE = "hot-water heat balance" in "kWh";

    APPLIANCE_RUN = "appliance draws its profile or nothing" in "kW";
    APPLIANCE_WINDOW = "appliance runs within its window" in "kW";

    MONEY_IMPORT = "cost of import" in "ct";
    MONEY_EXPORT = "income from export" in "ct";
    MONEY_PEAK = "peak charge" in "ct";
    MONEY_WEAR = "wear" in "ct";
    MONEY_STARTS = "cost of compressor starts" in "ct";
    MONEY_CO2 = "weighted carbon emissions" in "ct";
    MONEY_DISCOMFORT = "discomfort penalty" in "ct";
    MONEY_SHORTFALL = "shortfall penalty" in "ct";
    MONEY_URGENCY = "urgency penalty" in "ct";
    MONEY_OVERSHOOT = "overshoot penalty" in "ct";
    MONEY_END_VALUE = "end value" in "ct";

    SHORT_DEPARTURE = "energy missing at departures" in "kWh";
    SHORT_ELSEWHERE = "energy charged elsewhere" in "kWh";
    SHORT_KELVIN_HOURS = "kelvin hours outside the comfort band" in "K h";
    SHORT_WATER = "hot water outside its band" in "kWh h";
    SHORT_URGENCY = "energy wanted at once" in "kWh h";
    SHORT_END_ENERGY = "energy missing at the end" in "kWh";
    SHORT_END_KELVINS = "kelvins missing at the end" in "K";
    SHORT_OVERSHOOT = "energy beyond the grid limits" in "kWh";
    SHORT_SKIPPED = "runs skipped" in "runs";

    CERTIFICATE_HOME = "plan is of this home" in "homes";
    CERTIFICATE_OBJECTIVE = "objective of the certificate" in "ct";
    CERTIFICATE_BOUND = "bound is at most the objective" in "ct";
}
