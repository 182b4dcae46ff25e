//! A whole sign-in on a notification server, in one of three dialects.

use super::recorder::{Link, Recorder};
use super::words::{Person, picture};
use crate::scenario::{Direction, Random, ScenarioError};
use std::fmt::Write as _;
use std::io::Write;

/// Dialects whose sign-ins differ: Passport with numbers, Passport with GUIDs, single sign-on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// MSNP8.
    Eight,
    /// MSNP11.
    Eleven,
    /// MSNP15.
    Fifteen,
}

/// Somebody signed in.
pub struct Session {
    /// Who.
    pub person: Person,
    /// Which dialect.
    pub dialect: Dialect,
    /// Host part of the client's address.
    pub host: u8,
    /// The connection to the notification server.
    pub link: Link,
    /// Next transaction id.
    pub trid: u32,
    /// Numbers of the contacts, as [`Person::numbered`] knows them.
    pub contacts: Vec<u64>,
}

/// Signs a person in and gets the contact list and first presence.
pub fn sign_in<W: Write>(
    recorder: &mut Recorder<W>,
    random: &mut Random,
    number: u64,
) -> Result<Session, ScenarioError> {
    let host = u8::try_from(10 + number % 200).unwrap_or(10);
    let server = u8::try_from(30 + number % 4).unwrap_or(30);
    let dialect = match number % 3 {
        0 => Dialect::Eight,
        1 => Dialect::Eleven,
        _ => Dialect::Fifteen,
    };
    let contacts = (0..random.between(8, 40)).map(|_| random.between(1_000, 3_000)).collect();
    let link = recorder.open(host, server, random)?;
    let mut session = Session { person: Person::numbered(number), dialect, host, link, trid: 1, contacts };
    session.versions(recorder)?;
    match dialect {
        Dialect::Eight => session.passport(recorder, random, "MSNP8")?,
        Dialect::Eleven => session.passport(recorder, random, "MSNP11")?,
        Dialect::Fifteen => session.single_sign_on(recorder, random)?,
    }
    session.presence(recorder, random)?;
    Ok(session)
}

impl Session {
    /// The next transaction id.
    pub const fn next(&mut self) -> u32 {
        let trid = self.trid;
        self.trid += 1;
        trid
    }

    /// Sends from the client.
    pub fn ask<W: Write>(&mut self, recorder: &mut Recorder<W>, text: &str) -> Result<(), ScenarioError> {
        recorder.pass(2_000_000);
        recorder.send(&mut self.link, Direction::ToServer, text.as_bytes())
    }

    /// Sends from the server.
    pub fn tell<W: Write>(&mut self, recorder: &mut Recorder<W>, text: &str) -> Result<(), ScenarioError> {
        recorder.pass(9_000_000);
        recorder.send(&mut self.link, Direction::ToClient, text.as_bytes())
    }

    /// Feature bits as the dialect's clients have them.
    pub const fn capabilities(&self) -> &'static str {
        match self.dialect {
            Dialect::Eight => "268435500",
            Dialect::Eleven => "1342472192",
            Dialect::Fifteen => "2253176876",
        }
    }

    /// What stands between account and nickname in presence lines.
    pub const fn network(&self) -> &'static str {
        match self.dialect {
            Dialect::Eight | Dialect::Eleven => "",
            Dialect::Fifteen => "1 ",
        }
    }

    fn versions<W: Write>(&mut self, recorder: &mut Recorder<W>) -> Result<(), ScenarioError> {
        let (offered, agreed, program) = match self.dialect {
            Dialect::Eight => ("MSNP8 CVR0", "MSNP8", "MSMSGS 5.0.0544 MSMSGS"),
            Dialect::Eleven => ("MSNP11 MSNP10 CVR0", "MSNP11", "MSNMSGR 7.0.0777 msmsgs"),
            Dialect::Fifteen => ("MSNP15 MSNP14 MSNP13 CVR0", "MSNP15", "MSNMSGR 8.5.1302 msmsgs"),
        };
        let (first, second) = (self.next(), self.next());
        self.ask(recorder, &format!("VER {first} {offered}\r\n"))?;
        self.tell(recorder, &format!("VER {first} {agreed}\r\n"))?;
        let account = self.person.account.clone();
        self.ask(recorder, &format!("CVR {second} 0x0409 winnt 5.1 i386 {program} {account}\r\n"))?;
        self.tell(
            recorder,
            &format!("CVR {second} 8.1.0178 8.1.0178 7.0.0777 http://download.example/ http://messenger.example/\r\n"),
        )
    }

    fn passport<W: Write>(
        &mut self,
        recorder: &mut Recorder<W>,
        random: &mut Random,
        dialect: &str,
    ) -> Result<(), ScenarioError> {
        let (first, second, third) = (self.next(), self.next(), self.next());
        let Person { account, nick } = self.person.clone();
        self.ask(recorder, &format!("USR {first} TWN I {account}\r\n"))?;
        self.tell(recorder, &format!("USR {first} TWN S lc=1033,id=507,tw=40,fs=1,ct={},kv=5\r\n", random.word()))?;
        recorder.pass(700_000_000);
        self.ask(recorder, &format!("USR {second} TWN S t={:016x}&p={:016x}\r\n", random.next(), random.next()))?;
        let mut list = match self.dialect {
            Dialect::Eight => format!("USR {second} OK {account} {nick} 1 0\r\n"),
            Dialect::Eleven | Dialect::Fifteen => format!("USR {second} OK {account} 1 0\r\nSBS 0 null\r\n"),
        };
        message(&mut list, "Hotmail Hotmail", &profile(self.host));
        self.tell(recorder, &list)?;
        let count = self.contacts.len();
        list.clear();
        if dialect == "MSNP8" {
            self.ask(recorder, &format!("SYN {third} 0\r\n"))?;
            put(&mut list, format_args!("SYN {third} 9 {count} 2\r\nGTC A\r\nBLP AL\r\nPRP MOB N\r\n"));
            list.push_str("LSG 0 Other%20Contacts 0\r\nLSG 1 School 0\r\n");
            for person in self.contacts.iter().map(|contact| Person::numbered(*contact)) {
                put(&mut list, format_args!("LST {} {} 11 0,1\r\nBPR MOB N\r\n", person.account, person.nick));
            }
        } else {
            let stamp = "2005-04-23T18:57:44.8130000-07:00";
            self.ask(recorder, &format!("SYN {third} 0 0\r\n"))?;
            put(
                &mut list,
                format_args!("SYN {third} {stamp} {stamp} {count} 1\r\nGTC A\r\nBLP AL\r\nPRP MFN {nick}\r\n"),
            );
            list.push_str("LSG School 6f5d1b3a-0c34-4f42-9d6c-00005eed0000\r\n");
            for contact in &self.contacts {
                let person = Person::numbered(*contact);
                put(
                    &mut list,
                    format_args!(
                        "LST N={} F={} C=6f5d1b3a-0c34-4f42-9d6c-{contact:012x} 11 6f5d1b3a-0c34-4f42-9d6c-00005eed0000\r\n",
                        person.account, person.nick
                    ),
                );
            }
        }
        self.tell(recorder, &list)
    }

    fn single_sign_on<W: Write>(
        &mut self,
        recorder: &mut Recorder<W>,
        random: &mut Random,
    ) -> Result<(), ScenarioError> {
        let (first, second) = (self.next(), self.next());
        let Person { account, nick } = self.person.clone();
        self.ask(recorder, &format!("USR {first} SSO I {account}\r\n"))?;
        let policy = "<Policies><Policy type=\"SHIELDS\" checksum=\"0\"><config><shield></shield><block></block></config></Policy></Policies>";
        let nonce = format!("{:016x}", random.next()).repeat(4);
        self.tell(recorder, &format!("GCF 0 {}\r\n{policy}USR {first} SSO S MBI_KEY_OLD {nonce}\r\n", policy.len()))?;
        recorder.pass(900_000_000);
        let answer = format!("HAAAAAEAAAADZgAABIAAAAgAAAAUAAAASAAAA{}A==", format!("{:016x}", random.next()).repeat(8));
        self.ask(recorder, &format!("USR {second} SSO S t={:016x}&p= {answer}\r\n", random.next()))?;
        let mut told = format!("USR {second} OK {account} 1 0\r\nSBS 0 null\r\n");
        message(&mut told, "Hotmail Hotmail", &profile(self.host));
        self.tell(recorder, &told)?;
        let mut list = String::from("<ml l=\"1\">");
        for person in self.contacts.iter().map(|contact| Person::numbered(*contact)) {
            let (name, domain) = person.account.split_once('@').unwrap_or_default();
            put(&mut list, format_args!("<d n=\"{domain}\"><c n=\"{name}\" l=\"3\" t=\"1\"/></d>"));
        }
        list.push_str("</ml>");
        let (blp, adl, prp) = (self.next(), self.next(), self.next());
        self.ask(recorder, &format!("BLP {blp} BL\r\nADL {adl} {}\r\n{list}PRP {prp} MFN {nick}\r\n", list.len()))?;
        self.tell(recorder, &format!("BLP {blp} BL\r\nADL {adl} OK\r\nPRP {prp} MFN {nick}\r\n"))
    }

    fn presence<W: Write>(&mut self, recorder: &mut Recorder<W>, random: &mut Random) -> Result<(), ScenarioError> {
        let (chg, qry) = (self.next(), self.next());
        let (capabilities, network) = (self.capabilities(), self.network());
        let own = picture(&self.person.account, random);
        let line = match self.dialect {
            Dialect::Eight => format!("CHG {chg} NLN {capabilities}\r\n"),
            Dialect::Eleven | Dialect::Fifteen => format!("CHG {chg} NLN {capabilities} {own}\r\n"),
        };
        self.ask(recorder, &line)?;
        let mut told = line;
        for contact in self.contacts.iter().take(12) {
            let Person { account, nick } = Person::numbered(*contact);
            put(&mut told, format_args!("ILN {chg} NLN {account} {network}{nick} {capabilities}"));
            match self.dialect {
                Dialect::Eight => told.push_str("\r\n"),
                Dialect::Eleven | Dialect::Fifteen => {
                    put(&mut told, format_args!(" {}\r\n", picture(&account, random)));
                    let data = "<Data><PSM>made for measuring</PSM><CurrentMedia></CurrentMedia></Data>";
                    put(&mut told, format_args!("UBX {account} {network}{}\r\n{data}", data.len()));
                }
            }
        }
        put(&mut told, format_args!("CHL 0 {:020}\r\n", random.next()));
        self.tell(recorder, &told)?;
        self.ask(
            recorder,
            &format!("QRY {qry} msmsgs@msnmsgr.com 32\r\n{:016x}{:016x}", random.next(), random.next()),
        )?;
        self.tell(recorder, &format!("QRY {qry}\r\n"))
    }
}

/// Appends a MSG with its length; `head` is what stands between the verb and the length.
pub fn message(out: &mut String, head: &str, payload: &str) {
    put(out, format_args!("MSG {head} {}\r\n{payload}", payload.len()));
}

/// Appends formatted text; writing to a string cannot fail.
pub fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    let written = out.write_fmt(text);
    debug_assert!(written.is_ok());
}

fn profile(host: u8) -> String {
    format!(
        "MIME-Version: 1.0\r\nContent-Type: text/x-msmsgsprofile; charset=UTF-8\r\nLoginTime: 1163494800\r\nEmailEnabled: 1\r\n\
         MemberIdHigh: 84736\r\nMemberIdLow: -1034518211\r\nlang_preference: 1033\r\npreferredEmail: \r\ncountry: IT\r\nPostalCode: \r\n\
         Gender: \r\nKid: 0\r\nAge: \r\nBDayPre: \r\nBirthday: \r\nWallet: \r\nFlags: 1073742915\r\nsid: 507\r\nkv: 5\r\n\
         MSPAuth: 5InventedAuthenticationTicket!\r\nClientIP: 192.0.2.{host}\r\nClientPort: 4868\r\nABCHMigrated: 1\r\n\r\n"
    )
}
