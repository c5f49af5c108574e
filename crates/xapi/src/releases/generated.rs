//! Made by `cargo run -p xtask -- releases`. Not to be edited.

use super::{Product, Release, Schema, XapiRange};

pub(super) static RELEASES: &[Release] = &[
    Release { name: "rio", product: "XenServer 4.0", minor: Some(19), date: "" },
    Release { name: "miami", product: "XenServer 4.1", minor: Some(35), date: "" },
    Release { name: "symc", product: "XenServer 4.1.1", minor: None, date: "" },
    Release { name: "orlando", product: "XenServer 5.0", minor: Some(55), date: "" },
    Release { name: "orlando-update-1", product: "XenServer 5.0 Update 1", minor: None, date: "" },
    Release { name: "george", product: "XenServer 5.5", minor: Some(57), date: "" },
    Release { name: "midnight-ride", product: "XenServer 5.6", minor: Some(60), date: "" },
    Release { name: "cowley", product: "XenServer 5.6 FP1", minor: Some(61), date: "" },
    Release { name: "boston", product: "XenServer 6.0", minor: Some(63), date: "" },
    Release { name: "tampa", product: "XenServer 6.1", minor: Some(66), date: "2012-09-21" },
    Release { name: "clearwater", product: "XenServer 6.2", minor: Some(67), date: "2013-06-13" },
    Release { name: "vgpu-tech-preview", product: "XenServer 6.2 SP1 Tech-Preview", minor: Some(68), date: "" },
    Release { name: "vgpu-productisation", product: "XenServer 6.2 SP1", minor: Some(69), date: "" },
    Release { name: "clearwater-felton", product: "XenServer 6.2 SP1 Hotfix 4", minor: Some(70), date: "" },
    Release { name: "clearwater-whetstone", product: "XenServer 6.2 SP1 Hotfix 11", minor: Some(71), date: "" },
    Release { name: "creedence", product: "XenServer 6.5", minor: Some(72), date: "" },
    Release { name: "cream", product: "XenServer 6.5 SP1", minor: Some(73), date: "" },
    Release { name: "indigo", product: "XenServer 6.5 SP1 Hotfix 31", minor: Some(74), date: "" },
    Release { name: "dundee", product: "XenServer 7.0", minor: Some(93), date: "" },
    Release { name: "ely", product: "XenServer 7.1", minor: Some(108), date: "" },
    Release { name: "falcon", product: "XenServer 7.2", minor: Some(120), date: "" },
    Release { name: "inverness", product: "XenServer 7.3", minor: Some(133), date: "" },
    Release { name: "jura", product: "XenServer 7.4", minor: Some(134), date: "" },
    Release { name: "kolkata", product: "XenServer 7.5", minor: Some(142), date: "" },
    Release { name: "lima", product: "XenServer 7.6", minor: Some(203), date: "" },
    Release { name: "naples", product: "Citrix Hypervisor 8.0", minor: Some(400), date: "" },
    Release { name: "quebec", product: "Citrix Hypervisor 8.1", minor: Some(504), date: "" },
    Release { name: "stockholm", product: "Citrix Hypervisor 8.2", minor: Some(601), date: "" },
    Release { name: "stockholm_psr", product: "Citrix Hypervisor 8.2 Hotfix 2", minor: None, date: "" },
    Release { name: "nile-preview", product: "XenServer 8 Preview", minor: Some(775), date: "" },
    Release { name: "1.250.0", product: "XAPI 1.250.0", minor: Some(601), date: "2020-06-12" },
    Release { name: "1.257.0", product: "XAPI 1.257.0", minor: Some(700), date: "2020-07-01" },
    Release { name: "1.271.0", product: "XAPI 1.271.0", minor: Some(700), date: "2020-10-05" },
    Release { name: "1.290.0", product: "XAPI 1.290.0", minor: Some(701), date: "2021-03-02" },
    Release { name: "1.294.0", product: "XAPI 1.294.0", minor: Some(702), date: "2021-03-31" },
    Release { name: "1.297.0", product: "XAPI 1.297.0", minor: Some(703), date: "2021-04-27" },
    Release { name: "1.298.0", product: "XAPI 1.298.0", minor: Some(703), date: "2021-05-06" },
    Release { name: "1.301.0", product: "XAPI 1.301.0", minor: Some(703), date: "2021-05-17" },
    Release { name: "1.303.0", product: "XAPI 1.303.0", minor: Some(703), date: "2021-05-27" },
    Release { name: "1.304.0", product: "XAPI 1.304.0", minor: Some(703), date: "2021-06-11" },
    Release { name: "1.307.0", product: "XAPI 1.307.0", minor: Some(704), date: "2021-07-05" },
    Release { name: "1.313.0", product: "XAPI 1.313.0", minor: Some(706), date: "2021-08-24" },
    Release { name: "1.318.0", product: "XAPI 1.318.0", minor: Some(707), date: "2021-09-16" },
    Release { name: "1.329.0", product: "XAPI 1.329.0", minor: Some(707), date: "2021-10-26" },
    Release { name: "21.2.0", product: "XAPI 21.2.0", minor: Some(708), date: "2021-11-24" },
    Release { name: "21.3.0", product: "XAPI 21.3.0", minor: Some(709), date: "2021-12-03" },
    Release { name: "21.4.0", product: "XAPI 21.4.0", minor: Some(709), date: "2021-12-17" },
    Release { name: "22.5.0", product: "XAPI 22.5.0", minor: Some(711), date: "2022-01-26" },
    Release { name: "22.12.0", product: "XAPI 22.12.0", minor: Some(711), date: "2022-03-14" },
    Release { name: "22.16.0", product: "XAPI 22.16.0", minor: Some(751), date: "2022-04-19" },
    Release { name: "22.19.0", product: "XAPI 22.19.0", minor: Some(751), date: "2022-05-18" },
    Release { name: "22.20.0", product: "XAPI 22.20.0", minor: Some(752), date: "2022-06-08" },
    Release { name: "22.26.0", product: "XAPI 22.26.0", minor: Some(755), date: "2022-09-09" },
    Release { name: "22.27.0", product: "XAPI 22.27.0", minor: Some(756), date: "2022-10-04" },
    Release { name: "22.33.0", product: "XAPI 22.33.0", minor: Some(757), date: "2022-12-07" },
    Release { name: "22.37.0", product: "XAPI 22.37.0", minor: Some(758), date: "2023-01-26" },
    Release { name: "23.1.0", product: "XAPI 23.1.0", minor: Some(759), date: "2023-01-30" },
    Release { name: "23.9.0", product: "XAPI 23.9.0", minor: Some(761), date: "2023-03-24" },
    Release { name: "23.14.0", product: "XAPI 23.14.0", minor: Some(763), date: "2023-06-09" },
    Release { name: "23.18.0", product: "XAPI 23.18.0", minor: Some(764), date: "2023-07-20" },
    Release { name: "23.25.0", product: "XAPI 23.25.0", minor: Some(766), date: "2023-08-31" },
    Release { name: "23.27.0", product: "XAPI 23.27.0", minor: Some(767), date: "2023-10-16" },
    Release { name: "23.30.0", product: "XAPI 23.30.0", minor: Some(767), date: "2023-11-10" },
    Release { name: "24.0.0", product: "XAPI 24.0.0", minor: Some(770), date: "2024-01-10" },
    Release { name: "24.3.0", product: "XAPI 24.3.0", minor: Some(774), date: "2024-01-25" },
    Release { name: "24.10.0", product: "XAPI 24.10.0", minor: Some(775), date: "2024-02-15" },
    Release { name: "24.14.0", product: "XAPI 24.14.0", minor: Some(776), date: "2024-04-29" },
    Release { name: "24.15.0", product: "XAPI 24.15.0", minor: Some(776), date: "2024-05-22" },
    Release { name: "24.17.0", product: "XAPI 24.17.0", minor: Some(778), date: "2024-06-07" },
    Release { name: "24.19.0", product: "XAPI 24.19.0", minor: Some(779), date: "2024-07-08" },
    Release { name: "24.19.1", product: "XAPI 24.19.1", minor: Some(779), date: "2024-07-09" },
    Release { name: "24.20.0", product: "XAPI 24.20.0", minor: Some(780), date: "2024-07-23" },
    Release { name: "24.23.0", product: "XAPI 24.23.0", minor: Some(781), date: "2024-08-19" },
    Release { name: "24.28.0", product: "XAPI 24.28.0", minor: Some(781), date: "2024-09-09" },
    Release { name: "24.31.0", product: "XAPI 24.31.0", minor: Some(782), date: "2024-10-04" },
    Release { name: "24.35.0", product: "XAPI 24.35.0", minor: Some(783), date: "2024-10-23" },
    Release { name: "24.37.0", product: "XAPI 24.37.0", minor: Some(785), date: "2024-11-07" },
    Release { name: "25.2.0", product: "XAPI 25.2.0", minor: Some(785), date: "2025-01-16" },
    Release { name: "25.6.0", product: "XAPI 25.6.0", minor: Some(786), date: "2025-02-10" },
    Release { name: "25.7.0", product: "XAPI 25.7.0", minor: Some(786), date: "2025-02-17" },
    Release { name: "25.8.0", product: "XAPI 25.8.0", minor: Some(786), date: "2025-02-26" },
    Release { name: "25.13.0", product: "XAPI 25.13.0", minor: Some(786), date: "2025-03-17" },
    Release { name: "25.15.0", product: "XAPI 25.15.0", minor: Some(787), date: "2025-04-08" },
    Release { name: "25.16.0", product: "XAPI 25.16.0", minor: Some(788), date: "2025-04-15" },
    Release { name: "25.17.0", product: "XAPI 25.17.0", minor: Some(789), date: "2025-04-23" },
    Release { name: "25.21.0", product: "XAPI 25.21.0", minor: Some(789), date: "2025-06-05" },
    Release { name: "25.22.0", product: "XAPI 25.22.0", minor: Some(789), date: "2025-06-11" },
    Release { name: "25.24.0", product: "XAPI 25.24.0", minor: Some(789), date: "2025-07-04" },
    Release { name: "25.27.0", product: "XAPI 25.27.0", minor: Some(789), date: "2025-07-22" },
    Release { name: "25.31.0", product: "XAPI 25.31.0", minor: Some(790), date: "2025-09-23" },
    Release { name: "25.34.0", product: "XAPI 25.34.0", minor: Some(791), date: "2025-10-22" },
    Release { name: "26.0.0", product: "XAPI 26.0.0", minor: Some(792), date: "2026-01-08" },
    Release { name: "26.1.0", product: "XAPI 26.1.0", minor: Some(793), date: "2026-01-13" },
    Release { name: "26.2.0", product: "XAPI 26.2.0", minor: Some(793), date: "2026-01-19" },
    Release { name: "26.6.0", product: "XAPI 26.6.0", minor: Some(900), date: "2026-03-05" },
    Release { name: "26.13.0", product: "XAPI 26.13.0", minor: Some(902), date: "2026-05-06" },
    Release { name: "26.14.0", product: "XAPI 26.14.0", minor: Some(903), date: "2026-05-19" },
    Release { name: "26.15.0", product: "XAPI 26.15.0", minor: Some(904), date: "2026-05-29" },
    Release { name: "26.16.0", product: "XAPI 26.16.0", minor: Some(906), date: "2026-07-02" },
    Release { name: "26.16.1", product: "XAPI 26.16.1", minor: Some(906), date: "2026-07-17" },
    Release { name: "26.17.0", product: "XAPI 26.17.0", minor: Some(909), date: "2026-08-10" },
];

pub(super) static SCHEMAS: &[Schema] = &[
    Schema {
        minor: 19,
        products: &[
            Product { name: "XenServer", version: "4.0", edition: "", xapi: "" },
        ],
        xapi: &[],
    },
    Schema {
        minor: 35,
        products: &[
            Product { name: "XenServer", version: "4.1", edition: "", xapi: "" },
        ],
        xapi: &[],
    },
    Schema {
        minor: 55,
        products: &[
            Product { name: "XenServer", version: "5.0", edition: "", xapi: "" },
        ],
        xapi: &[],
    },
    Schema {
        minor: 57,
        products: &[
            Product { name: "XenServer", version: "5.5", edition: "", xapi: "" },
        ],
        xapi: &[],
    },
    Schema {
        minor: 58,
        products: &[
            Product { name: "XenServer", version: "5.5", edition: "development build", xapi: "" },
        ],
        xapi: &[],
    },
    Schema {
        minor: 59,
        products: &[
            Product { name: "XenServer", version: "5.5", edition: "development build", xapi: "" },
        ],
        xapi: &[],
    },
    Schema {
        minor: 60,
        products: &[
            Product { name: "XenServer", version: "5.6", edition: "", xapi: "" },
        ],
        xapi: &[],
    },
    Schema {
        minor: 61,
        products: &[
            Product { name: "XenServer", version: "5.6", edition: "FP1", xapi: "" },
        ],
        xapi: &[],
    },
    Schema {
        minor: 63,
        products: &[
            Product { name: "XenServer", version: "6.0", edition: "", xapi: "" },
        ],
        xapi: &[],
    },
    Schema {
        minor: 66,
        products: &[
            Product { name: "XenServer", version: "6.1", edition: "", xapi: "" },
        ],
        xapi: &[],
    },
    Schema {
        minor: 67,
        products: &[
            Product { name: "XenServer", version: "6.2", edition: "", xapi: "" },
        ],
        xapi: &[
            XapiRange { first: "1.9.0", last: "1.9.40", since: "2013-05-22" },
        ],
    },
    Schema {
        minor: 68,
        products: &[
            Product { name: "XenServer", version: "6.2", edition: "vGPU preview", xapi: "" },
        ],
        xapi: &[],
    },
    Schema {
        minor: 69,
        products: &[
            Product { name: "XenServer", version: "6.2", edition: "SP1", xapi: "" },
        ],
        xapi: &[],
    },
    Schema {
        minor: 70,
        products: &[
            Product { name: "XenServer", version: "6.2", edition: "SP1 hotfix 4", xapi: "" },
        ],
        xapi: &[],
    },
    Schema {
        minor: 71,
        products: &[
            Product { name: "XenServer", version: "6.2", edition: "SP1 hotfix 11", xapi: "" },
        ],
        xapi: &[],
    },
    Schema {
        minor: 72,
        products: &[
            Product { name: "XenServer", version: "6.5", edition: "", xapi: "" },
        ],
        xapi: &[],
    },
    Schema {
        minor: 73,
        products: &[
            Product { name: "XenServer", version: "6.5", edition: "SP1", xapi: "" },
        ],
        xapi: &[],
    },
    Schema {
        minor: 74,
        products: &[
            Product { name: "XenServer", version: "6.5", edition: "SP1 hotfix 31", xapi: "" },
        ],
        xapi: &[],
    },
    Schema {
        minor: 80,
        products: &[],
        xapi: &[
            XapiRange { first: "1.10.0", last: "1.10.0", since: "2013-06-26" },
            XapiRange { first: "1.11.0", last: "1.11.0", since: "2013-07-12" },
        ],
    },
    Schema {
        minor: 81,
        products: &[],
        xapi: &[
            XapiRange { first: "1.9.41", last: "1.9.50", since: "2014-05-01" },
        ],
    },
    Schema {
        minor: 82,
        products: &[],
        xapi: &[
            XapiRange { first: "1.9.51", last: "1.9.58", since: "2014-07-10" },
        ],
    },
    Schema {
        minor: 83,
        products: &[],
        xapi: &[
            XapiRange { first: "1.9.60", last: "1.9.60", since: "2015-04-04" },
        ],
    },
    Schema {
        minor: 89,
        products: &[],
        xapi: &[
            XapiRange { first: "1.9.70", last: "1.9.70", since: "2015-08-14" },
        ],
    },
    Schema {
        minor: 90,
        products: &[],
        xapi: &[
            XapiRange { first: "1.9.80", last: "1.9.80", since: "2015-09-09" },
        ],
    },
    Schema {
        minor: 91,
        products: &[
            Product { name: "XenServer", version: "7.0", edition: "preview", xapi: "" },
        ],
        xapi: &[],
    },
    Schema {
        minor: 93,
        products: &[
            Product { name: "XenServer", version: "7.0", edition: "", xapi: "" },
        ],
        xapi: &[
            XapiRange { first: "1.9.81", last: "1.9.83", since: "2016-05-05" },
        ],
    },
    Schema {
        minor: 100,
        products: &[],
        xapi: &[
            XapiRange { first: "1.9.90", last: "1.9.93", since: "2016-07-22" },
        ],
    },
    Schema {
        minor: 101,
        products: &[],
        xapi: &[
            XapiRange { first: "1.10.0", last: "1.10.2", since: "2016-09-13" },
        ],
    },
    Schema {
        minor: 106,
        products: &[],
        xapi: &[
            XapiRange { first: "1.11.0", last: "1.11.0", since: "2016-10-07" },
        ],
    },
    Schema {
        minor: 107,
        products: &[],
        xapi: &[
            XapiRange { first: "1.12.0", last: "1.12.0", since: "2016-10-19" },
        ],
    },
    Schema {
        minor: 108,
        products: &[
            Product { name: "XenServer", version: "7.1", edition: "", xapi: "" },
        ],
        xapi: &[
            XapiRange { first: "1.13.0", last: "1.14.25", since: "2016-11-04" },
            XapiRange { first: "1.20.0", last: "1.20.1", since: "2016-12-07" },
        ],
    },
    Schema {
        minor: 109,
        products: &[
            Product { name: "XenServer", version: "7.1", edition: "LCM", xapi: "" },
        ],
        xapi: &[
            XapiRange { first: "1.14.26", last: "1.14.61", since: "2017-06-30" },
            XapiRange { first: "1.21.0", last: "1.29.0", since: "2016-12-19" },
            XapiRange { first: "1.31.0", last: "1.31.0", since: "2017-03-22" },
        ],
    },
    Schema {
        minor: 120,
        products: &[
            Product { name: "XenServer", version: "7.2", edition: "", xapi: "" },
        ],
        xapi: &[
            XapiRange { first: "1.29.1", last: "1.30.0", since: "2017-03-30" },
            XapiRange { first: "1.32.0", last: "1.37.0", since: "2017-05-11" },
        ],
    },
    Schema {
        minor: 131,
        products: &[],
        xapi: &[
            XapiRange { first: "1.38.0", last: "1.43.0", since: "2017-06-21" },
        ],
    },
    Schema {
        minor: 132,
        products: &[],
        xapi: &[
            XapiRange { first: "1.44.0", last: "1.54.0", since: "2017-08-01" },
        ],
    },
    Schema {
        minor: 133,
        products: &[
            Product { name: "XenServer", version: "7.3", edition: "", xapi: "" },
        ],
        xapi: &[
            XapiRange { first: "1.55.0", last: "1.60.2", since: "2017-10-12" },
            XapiRange { first: "1.61.0", last: "1.65.0", since: "2017-11-22" },
        ],
    },
    Schema {
        minor: 134,
        products: &[
            Product { name: "XenServer", version: "7.4", edition: "", xapi: "" },
        ],
        xapi: &[
            XapiRange { first: "1.60.3", last: "1.60.11", since: "2017-12-12" },
            XapiRange { first: "1.66.0", last: "1.77.0", since: "2018-01-05" },
        ],
    },
    Schema {
        minor: 140,
        products: &[],
        xapi: &[
            XapiRange { first: "1.78.0", last: "1.78.0", since: "2018-02-27" },
        ],
    },
    Schema {
        minor: 141,
        products: &[],
        xapi: &[
            XapiRange { first: "1.79.0", last: "1.89.0", since: "2018-03-03" },
        ],
    },
    Schema {
        minor: 142,
        products: &[
            Product { name: "XenServer", version: "7.5", edition: "", xapi: "" },
            Product { name: "XCP-ng", version: "7.5", edition: "", xapi: "" },
        ],
        xapi: &[
            XapiRange { first: "1.90.0", last: "1.98.0", since: "2018-04-05" },
        ],
    },
    Schema {
        minor: 202,
        products: &[],
        xapi: &[
            XapiRange { first: "1.99.0", last: "1.102.0", since: "2018-06-08" },
        ],
    },
    Schema {
        minor: 203,
        products: &[
            Product { name: "XenServer", version: "7.6", edition: "", xapi: "" },
            Product { name: "XCP-ng", version: "7.6", edition: "", xapi: "" },
        ],
        xapi: &[
            XapiRange { first: "1.103.0", last: "1.126.0", since: "2018-05-29" },
        ],
    },
    Schema {
        minor: 300,
        products: &[],
        xapi: &[
            XapiRange { first: "1.127.0", last: "1.158.0", since: "2018-10-11" },
        ],
    },
    Schema {
        minor: 400,
        products: &[
            Product { name: "Citrix Hypervisor", version: "8.0", edition: "", xapi: "" },
            Product { name: "XCP-ng", version: "8.0", edition: "", xapi: "" },
        ],
        xapi: &[
            XapiRange { first: "1.159.0", last: "1.174.0", since: "2019-03-07" },
        ],
    },
    Schema {
        minor: 500,
        products: &[],
        xapi: &[
            XapiRange { first: "1.175.0", last: "1.175.0", since: "2019-05-29" },
        ],
    },
    Schema {
        minor: 501,
        products: &[],
        xapi: &[
            XapiRange { first: "1.176.0", last: "1.183.0", since: "2019-06-04" },
        ],
    },
    Schema {
        minor: 502,
        products: &[],
        xapi: &[
            XapiRange { first: "1.184.0", last: "1.203.0", since: "2019-07-16" },
        ],
    },
    Schema {
        minor: 503,
        products: &[],
        xapi: &[
            XapiRange { first: "1.204.0", last: "1.208.0", since: "2019-10-14" },
        ],
    },
    Schema {
        minor: 504,
        products: &[
            Product { name: "Citrix Hypervisor", version: "8.1", edition: "", xapi: "" },
            Product { name: "XCP-ng", version: "8.1", edition: "", xapi: "" },
        ],
        xapi: &[
            XapiRange { first: "1.209.0", last: "1.233.0", since: "2019-11-12" },
        ],
    },
    Schema {
        minor: 600,
        products: &[],
        xapi: &[
            XapiRange { first: "1.234.0", last: "1.237.0", since: "2020-04-02" },
        ],
    },
    Schema {
        minor: 601,
        products: &[
            Product { name: "Citrix Hypervisor", version: "8.2", edition: "", xapi: "" },
            Product { name: "XCP-ng", version: "8.2", edition: "GA", xapi: "" },
        ],
        xapi: &[
            XapiRange { first: "1.238.0", last: "1.249.5", since: "2020-04-20" },
            XapiRange { first: "1.250.0", last: "1.253.0", since: "2020-06-12" },
        ],
    },
    Schema {
        minor: 602,
        products: &[
            Product { name: "Citrix Hypervisor", version: "8.2", edition: "updates", xapi: "" },
            Product { name: "XCP-ng", version: "8.2", edition: "updates", xapi: "" },
        ],
        xapi: &[
            XapiRange { first: "1.249.6", last: "1.249.28", since: "2020-11-09" },
        ],
    },
    Schema {
        minor: 603,
        products: &[
            Product { name: "Citrix Hypervisor", version: "8.2", edition: "CU1", xapi: "" },
            Product { name: "XCP-ng", version: "8.2", edition: "updates", xapi: "" },
        ],
        xapi: &[
            XapiRange { first: "1.249.29", last: "1.249.42", since: "2023-05-09" },
        ],
    },
    Schema {
        minor: 700,
        products: &[],
        xapi: &[
            XapiRange { first: "1.254.0", last: "1.289.0", since: "2020-06-17" },
        ],
    },
    Schema {
        minor: 701,
        products: &[],
        xapi: &[
            XapiRange { first: "1.290.0", last: "1.293.0", since: "2021-03-02" },
        ],
    },
    Schema {
        minor: 702,
        products: &[],
        xapi: &[
            XapiRange { first: "1.294.0", last: "1.296.0", since: "2021-03-31" },
        ],
    },
    Schema {
        minor: 703,
        products: &[],
        xapi: &[
            XapiRange { first: "1.297.0", last: "1.306.0", since: "2021-04-27" },
        ],
    },
    Schema {
        minor: 704,
        products: &[],
        xapi: &[
            XapiRange { first: "1.307.0", last: "1.312.0", since: "2021-07-05" },
        ],
    },
    Schema {
        minor: 706,
        products: &[],
        xapi: &[
            XapiRange { first: "1.313.0", last: "1.317.0", since: "2021-08-24" },
        ],
    },
    Schema {
        minor: 707,
        products: &[],
        xapi: &[
            XapiRange { first: "1.318.0", last: "21.1.0", since: "2021-09-16" },
        ],
    },
    Schema {
        minor: 708,
        products: &[],
        xapi: &[
            XapiRange { first: "21.2.0", last: "21.2.0", since: "2021-11-24" },
        ],
    },
    Schema {
        minor: 709,
        products: &[],
        xapi: &[
            XapiRange { first: "21.3.0", last: "22.4.0", since: "2021-12-03" },
        ],
    },
    Schema {
        minor: 711,
        products: &[],
        xapi: &[
            XapiRange { first: "22.5.0", last: "22.12.0", since: "2022-01-26" },
        ],
    },
    Schema {
        minor: 751,
        products: &[],
        xapi: &[
            XapiRange { first: "22.13.0", last: "22.19.0", since: "2022-03-25" },
        ],
    },
    Schema {
        minor: 752,
        products: &[],
        xapi: &[
            XapiRange { first: "22.20.0", last: "22.25.0", since: "2022-06-08" },
        ],
    },
    Schema {
        minor: 755,
        products: &[],
        xapi: &[
            XapiRange { first: "22.26.0", last: "22.26.0", since: "2022-09-09" },
        ],
    },
    Schema {
        minor: 756,
        products: &[],
        xapi: &[
            XapiRange { first: "22.27.0", last: "22.32.0", since: "2022-10-04" },
        ],
    },
    Schema {
        minor: 757,
        products: &[],
        xapi: &[
            XapiRange { first: "22.33.0", last: "22.34.0", since: "2022-12-07" },
        ],
    },
    Schema {
        minor: 758,
        products: &[],
        xapi: &[
            XapiRange { first: "22.35.0", last: "22.37.0", since: "2023-01-19" },
        ],
    },
    Schema {
        minor: 759,
        products: &[],
        xapi: &[
            XapiRange { first: "23.0.0", last: "23.2.0", since: "2023-01-27" },
        ],
    },
    Schema {
        minor: 760,
        products: &[],
        xapi: &[
            XapiRange { first: "23.3.0", last: "23.8.0", since: "2023-02-08" },
        ],
    },
    Schema {
        minor: 761,
        products: &[],
        xapi: &[
            XapiRange { first: "23.9.0", last: "23.9.0", since: "2023-03-24" },
        ],
    },
    Schema {
        minor: 762,
        products: &[],
        xapi: &[
            XapiRange { first: "23.10.0", last: "23.13.0", since: "2023-04-18" },
        ],
    },
    Schema {
        minor: 763,
        products: &[],
        xapi: &[
            XapiRange { first: "23.14.0", last: "23.17.0", since: "2023-06-09" },
        ],
    },
    Schema {
        minor: 764,
        products: &[],
        xapi: &[
            XapiRange { first: "23.18.0", last: "23.19.0", since: "2023-07-20" },
            XapiRange { first: "23.20.0", last: "23.23.0", since: "2023-07-28" },
        ],
    },
    Schema {
        minor: 766,
        products: &[],
        xapi: &[
            XapiRange { first: "23.19.1", last: "23.19.1", since: "2023-08-18" },
            XapiRange { first: "23.24.0", last: "23.26.0", since: "2023-08-18" },
        ],
    },
    Schema {
        minor: 767,
        products: &[],
        xapi: &[
            XapiRange { first: "23.27.0", last: "23.30.0", since: "2023-10-16" },
        ],
    },
    Schema {
        minor: 768,
        products: &[],
        xapi: &[
            XapiRange { first: "23.31.0", last: "23.32.0", since: "2023-12-01" },
        ],
    },
    Schema {
        minor: 770,
        products: &[],
        xapi: &[
            XapiRange { first: "24.0.0", last: "24.0.0", since: "2024-01-10" },
        ],
    },
    Schema {
        minor: 771,
        products: &[],
        xapi: &[
            XapiRange { first: "24.1.0", last: "24.2.1", since: "2024-01-10" },
        ],
    },
    Schema {
        minor: 774,
        products: &[],
        xapi: &[
            XapiRange { first: "24.3.0", last: "24.5.0", since: "2024-01-25" },
        ],
    },
    Schema {
        minor: 775,
        products: &[
            Product { name: "XenServer", version: "8", edition: "", xapi: "" },
        ],
        xapi: &[
            XapiRange { first: "24.10.0", last: "24.13.0", since: "2024-02-15" },
        ],
    },
    Schema {
        minor: 776,
        products: &[],
        xapi: &[
            XapiRange { first: "24.14.0", last: "24.16.0", since: "2024-04-29" },
        ],
    },
    Schema {
        minor: 778,
        products: &[],
        xapi: &[
            XapiRange { first: "24.17.0", last: "24.18.0", since: "2024-06-07" },
        ],
    },
    Schema {
        minor: 779,
        products: &[
            Product { name: "XCP-ng", version: "8.3", edition: "GA", xapi: "24.19.2" },
        ],
        xapi: &[
            XapiRange { first: "24.19.0", last: "24.19.2", since: "2024-07-08" },
        ],
    },
    Schema {
        minor: 780,
        products: &[
            Product { name: "XCP-ng", version: "8.3", edition: "one GA build", xapi: "24.19.2" },
        ],
        xapi: &[
            XapiRange { first: "24.20.0", last: "24.22.0", since: "2024-07-23" },
        ],
    },
    Schema {
        minor: 781,
        products: &[],
        xapi: &[
            XapiRange { first: "24.23.0", last: "24.30.0", since: "2024-08-19" },
        ],
    },
    Schema {
        minor: 782,
        products: &[],
        xapi: &[
            XapiRange { first: "24.31.0", last: "24.34.0", since: "2024-10-04" },
        ],
    },
    Schema {
        minor: 783,
        products: &[],
        xapi: &[
            XapiRange { first: "24.35.0", last: "24.36.0", since: "2024-10-23" },
        ],
    },
    Schema {
        minor: 785,
        products: &[],
        xapi: &[
            XapiRange { first: "24.37.0", last: "25.5.0", since: "2024-11-07" },
        ],
    },
    Schema {
        minor: 786,
        products: &[],
        xapi: &[
            XapiRange { first: "25.6.0", last: "25.14.0", since: "2025-02-10" },
        ],
    },
    Schema {
        minor: 787,
        products: &[
            Product { name: "XCP-ng", version: "8.3", edition: "updates", xapi: "25.6.0" },
        ],
        xapi: &[
            XapiRange { first: "25.15.0", last: "25.15.0", since: "2025-04-08" },
        ],
    },
    Schema {
        minor: 788,
        products: &[],
        xapi: &[
            XapiRange { first: "25.16.0", last: "25.16.0", since: "2025-04-15" },
        ],
    },
    Schema {
        minor: 789,
        products: &[],
        xapi: &[
            XapiRange { first: "25.17.0", last: "25.30.0", since: "2025-04-23" },
        ],
    },
    Schema {
        minor: 790,
        products: &[
            Product { name: "XCP-ng", version: "8.3", edition: "updates", xapi: "25.27.0" },
        ],
        xapi: &[
            XapiRange { first: "25.31.0", last: "25.31.0", since: "2025-09-23" },
        ],
    },
    Schema {
        minor: 791,
        products: &[],
        xapi: &[
            XapiRange { first: "25.32.0", last: "25.39.0", since: "2025-09-30" },
        ],
    },
    Schema {
        minor: 792,
        products: &[
            Product { name: "XCP-ng", version: "8.3", edition: "updates", xapi: "25.33.1" },
        ],
        xapi: &[
            XapiRange { first: "26.0.0", last: "26.0.0", since: "2026-01-08" },
        ],
    },
    Schema {
        minor: 793,
        products: &[
            Product { name: "XCP-ng", version: "8.3", edition: "updates", xapi: "25.33.1, 26.1.3, 26.1.4" },
        ],
        xapi: &[
            XapiRange { first: "26.1.0", last: "26.1.11", since: "2026-01-13" },
            XapiRange { first: "26.2.0", last: "26.4.0", since: "2026-01-19" },
        ],
    },
    Schema {
        minor: 794,
        products: &[],
        xapi: &[
            XapiRange { first: "26.1.12", last: "26.1.12", since: "2026-05-06" },
        ],
    },
    Schema {
        minor: 795,
        products: &[],
        xapi: &[
            XapiRange { first: "26.1.13", last: "26.1.13", since: "2026-06-02" },
        ],
    },
    Schema {
        minor: 796,
        products: &[
            Product { name: "XenServer", version: "8", edition: "26.1 LCM", xapi: "" },
        ],
        xapi: &[],
    },
    Schema {
        minor: 797,
        products: &[],
        xapi: &[
            XapiRange { first: "26.1.14", last: "26.1.16", since: "2026-06-29" },
        ],
    },
    Schema {
        minor: 798,
        products: &[],
        xapi: &[
            XapiRange { first: "26.1.17", last: "26.1.19", since: "2026-07-20" },
        ],
    },
    Schema {
        minor: 799,
        products: &[
            Product { name: "XenServer", version: "8", edition: "26.1 LCM", xapi: "" },
        ],
        xapi: &[],
    },
    Schema {
        minor: 900,
        products: &[],
        xapi: &[
            XapiRange { first: "26.5.0", last: "26.7.0", since: "2026-02-11" },
        ],
    },
    Schema {
        minor: 901,
        products: &[],
        xapi: &[
            XapiRange { first: "26.8.0", last: "26.12.0", since: "2026-03-30" },
        ],
    },
    Schema {
        minor: 902,
        products: &[],
        xapi: &[
            XapiRange { first: "26.13.0", last: "26.13.0", since: "2026-05-06" },
        ],
    },
    Schema {
        minor: 903,
        products: &[],
        xapi: &[
            XapiRange { first: "26.14.0", last: "26.14.0", since: "2026-05-19" },
        ],
    },
    Schema {
        minor: 904,
        products: &[],
        xapi: &[
            XapiRange { first: "26.15.0", last: "26.15.1", since: "2026-05-29" },
        ],
    },
    Schema {
        minor: 906,
        products: &[],
        xapi: &[
            XapiRange { first: "26.16.0", last: "26.16.1", since: "2026-07-02" },
        ],
    },
    Schema {
        minor: 909,
        products: &[],
        xapi: &[
            XapiRange { first: "26.17.0", last: "26.17.0", since: "2026-08-10" },
        ],
    },
];
