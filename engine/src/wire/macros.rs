//! How a type says which members it has.
//!
//! Owns the code that follows from it. A member that is forgotten does not compile.

/// A struct that is read: `member`, `member as "its name"`, `member or what it is where it is not there`. After
/// `strict` any other member is refused.
macro_rules! reads {
    (strict $type:ident { $($field:ident $(as $name:literal)? $(or $default:expr)?),+ $(,)? }) => {
        impl $crate::wire::FromJson for $type {
            fn from_json(json: &$crate::wire::Json<'_>) -> Result<Self, $crate::wire::Wrong> {
                let object = json.object()?;
                object.only(&[$($crate::wire::reads!(@name $field $($name)?)),+])?;
                Ok(Self { $(
                    $field: $crate::wire::reads!(
                        @field object, $crate::wire::reads!(@name $field $($name)?) $(, $default)?
                    )
                ),+ })
            }
        }
    };
    ($type:ident { $($field:ident $(as $name:literal)? $(or $default:expr)?),+ $(,)? }) => {
        impl $crate::wire::FromJson for $type {
            fn from_json(json: &$crate::wire::Json<'_>) -> Result<Self, $crate::wire::Wrong> {
                let object = json.object()?;
                Ok(Self { $(
                    $field: $crate::wire::reads!(
                        @field object, $crate::wire::reads!(@name $field $($name)?) $(, $default)?
                    )
                ),+ })
            }
        }
    };
    (@name $field:ident $name:literal) => { $name };
    (@name $field:ident) => { stringify!($field) };
    (@field $object:ident, $name:expr, $default:expr) => {
        match $object.optional($name)? {
            Some(value) => value,
            None => $default,
        }
    };
    (@field $object:ident, $name:expr) => { $object.field($name)? };
}

/// A struct that is written: `member`, `member as "its name"`, `member if some`, which is left out where it is nothing.
macro_rules! writes {
    ($type:ident { $($field:ident $(as $name:literal)? $(if $some:ident)?),+ $(,)? }) => {
        impl $crate::wire::ToJson for $type {
            fn to_json(&self, out: &mut String) {
                let Self { $($field),+ } = self;
                out.push('{');
                $($crate::wire::writes!(
                    @field out, $field, $crate::wire::reads!(@name $field $($name)?) $(, $some)?
                );)+
                out.push('}');
            }
        }
    };
    (@field $out:ident, $field:ident, $name:expr, some) => {
        if $field.is_some() {
            $crate::wire::member($out, $name, $field);
        }
    };
    (@field $out:ident, $field:ident, $name:expr) => {
        $crate::wire::member($out, $name, $field);
    };
}

/// An enum, each variant as `Variant`, `Variant(held)` or `Variant { members }`: read and written.
macro_rules! variants {
    ($type:ident { $($variant:ident $(($held:ident))? $({ $($field:ident),+ })?),+ $(,)? }) => {
        impl $crate::wire::ToJson for $type {
            fn to_json(&self, out: &mut String) {
                match self {
                    $(Self::$variant $(($held))? $({ $($field),+ })? => {
                        $crate::wire::variants!(
                            @write out, stringify!($variant) $(, ($held))? $(, { $($field),+ })?
                        );
                    })+
                }
            }
        }

        impl $crate::wire::FromJson for $type {
            fn from_json(json: &$crate::wire::Json<'_>) -> Result<Self, $crate::wire::Wrong> {
                let (name, held) = json.variant()?;
                $(if name == stringify!($variant) {
                    return $crate::wire::variants!(
                        @read held, Self::$variant $(, ($held))? $(, { $($field),+ })?
                    );
                })+
                Err($crate::wire::Wrong::variant(name))
            }
        }
    };
    (@write $out:ident, $name:expr) => { $crate::wire::write_text($out, $name) };
    (@write $out:ident, $name:expr, ($held:ident)) => {
        $out.push('{');
        $crate::wire::member($out, $name, $held);
        $out.push('}');
    };
    (@write $out:ident, $name:expr, { $($field:ident),+ }) => {
        $out.push('{');
        $crate::wire::write_text($out, $name);
        $out.push_str(":{");
        $($crate::wire::member($out, stringify!($field), $field);)+
        $out.push_str("}}");
    };
    (@read $json:ident, Self::$variant:ident) => {{
        let () = $crate::wire::FromJson::from_json($json)?;
        Ok(Self::$variant)
    }};
    (@read $json:ident, Self::$variant:ident, ($held:ident)) => {
        $crate::wire::FromJson::from_json($json).map(Self::$variant)
    };
    (@read $json:ident, Self::$variant:ident, { $($field:ident),+ }) => {{
        let object = $json.object()?;
        Ok(Self::$variant { $($field: object.field(stringify!($field))?),+ })
    }};
}

pub(crate) use {reads, variants, writes};
