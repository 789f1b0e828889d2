//! Macros that implement prost's `Message` from one line per field.

/// Implements `prost::Message`, `Default` and optionally `Debug` for a struct with a field `unknown_fields`.
///
/// The lines are in the order of the field numbers, which is the order in which fields are encoded.
#[doc(hidden)]
#[macro_export]
macro_rules! message {
    ($message:ident: Debug $fields:tt) => {
        $crate::message! { $message $fields }
        $crate::message! { @debug $message $fields }
    };
    ($message:ident {$(
        $name:ident: $shape:ident $(($($codec:ident $(($enumeration:path))?),+))?
            = $tag:literal $(| $member:literal)* $([default = $default:expr])?;
    )*}) => {
        #[allow(deprecated)]
        impl $crate::prost::Message for $message {
            fn encode_raw(&self, buf: &mut impl $crate::prost::bytes::BufMut) {
                $(
                    <$crate::fields::$shape $(<$($crate::fields::$codec $(<$enumeration>)?),+>)?
                        as $crate::fields::Field<_>>::encode($tag, &self.$name, buf);
                )*
                $crate::fields::encode_unknown(&self.unknown_fields, buf);
            }

            fn merge_field(
                &mut self,
                tag: ::core::primitive::u32,
                wire_type: $crate::prost::encoding::WireType,
                buf: &mut impl $crate::prost::bytes::Buf,
                ctx: $crate::prost::encoding::DecodeContext,
            ) -> ::core::result::Result<(), $crate::prost::DecodeError> {
                match tag {
                    $($tag $(| $member)* => {
                        <$crate::fields::$shape $(<$($crate::fields::$codec $(<$enumeration>)?),+>)?
                            as $crate::fields::Field<_>>::merge(
                                tag, wire_type, &mut self.$name, &mut self.unknown_fields, buf, ctx,
                            )
                            .map_err(|error| $crate::fields::within(
                                error,
                                ::core::stringify!($message),
                                ::core::stringify!($name),
                            ))
                    })*
                    _ => $crate::fields::merge_unknown(&mut self.unknown_fields, tag, wire_type, buf, ctx),
                }
            }

            #[inline]
            fn encoded_len(&self) -> ::core::primitive::usize {
                $crate::fields::unknown_len(&self.unknown_fields) $(
                    + <$crate::fields::$shape $(<$($crate::fields::$codec $(<$enumeration>)?),+>)?
                        as $crate::fields::Field<_>>::encoded_len($tag, &self.$name)
                )*
            }

            fn clear(&mut self) {
                $(
                    <$crate::fields::$shape $(<$($crate::fields::$codec $(<$enumeration>)?),+>)?
                        as $crate::fields::Field<_>>::clear(&mut self.$name, [$($default)?]);
                )*
                self.unknown_fields.clear();
            }
        }

        #[allow(deprecated)]
        impl ::core::default::Default for $message {
            fn default() -> Self {
                Self {
                    $($name: $crate::fields::initial::<
                        $crate::fields::$shape $(<$($crate::fields::$codec $(<$enumeration>)?),+>)?, _, _,
                    >([$($default)?]),)*
                    unknown_fields: $crate::UnknownFields::new(),
                }
            }
        }

        impl $crate::Extendable for $message {
            fn unknown_fields(&self) -> &$crate::UnknownFields {
                &self.unknown_fields
            }

            fn unknown_fields_mut(&mut self) -> &mut $crate::UnknownFields {
                &mut self.unknown_fields
            }
        }
    };
    (@debug $message:ident {$(
        $name:ident: $shape:ident $(($($codec:ident $(($enumeration:path))?),+))?
            = $tag:literal $(| $member:literal)* $([default = $default:expr])?;
    )*}) => {
        #[allow(deprecated)]
        impl ::core::fmt::Debug for $message {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let mut shown = f.debug_struct(::core::stringify!($message));
                $(
                    shown.field(::core::stringify!($name), &$crate::fields::Shown::<
                        $crate::fields::$shape $(<$($crate::fields::$codec $(<$enumeration>)?),+>)?, _,
                    >(&self.$name, ::core::marker::PhantomData));
                )*
                if !self.unknown_fields.is_empty() {
                    shown.field("unknown_fields", &self.unknown_fields);
                }
                shown.finish()
            }
        }
    };
}

/// Declares extensions as constants.
#[doc(hidden)]
#[macro_export]
macro_rules! extensions {
    ($(
        $(#[$attribute:meta])*
        $name:ident: $extendee:ty, $ty:ty
            = $shape:ident $(($codec:ident $(($enumeration:path))?))? = $number:literal, $full_name:literal;
    )*) => {$(
        $(#[$attribute])*
        pub const $name: $crate::Extension<$extendee, $ty> =
            $crate::extensions! { @value $shape $(($codec $(<$enumeration>)?))? = $number, $full_name };
    )*};
    (@value Item = $number:literal, $full_name:literal) => {
        $crate::Extension::item($number, $full_name)
    };
    (@value $shape:ident($codec:ident $(<$enumeration:path>)?) = $number:literal, $full_name:literal) => {
        $crate::Extension::field::<$crate::fields::$shape<$crate::fields::$codec $(<$enumeration>)?>>($number, $full_name)
    };
}

/// Implements [`Members`](crate::fields::Members) and optionally `Debug` for the enum of a oneof.
#[doc(hidden)]
#[macro_export]
macro_rules! oneof {
    ($oneof:ident: Debug $members:tt) => {
        $crate::oneof! { $oneof $members }
        $crate::oneof! { @debug $oneof $members }
    };
    ($oneof:ident {$($variant:ident: $codec:ident $(($enumeration:path))? = $tag:literal;)*}) => {
        #[allow(deprecated)]
        impl $crate::fields::Members for $oneof {
            fn encode(&self, buf: &mut impl $crate::prost::bytes::BufMut) {
                match self {
                    $(Self::$variant(value) => {
                        <$crate::fields::$codec $(<$enumeration>)? as $crate::fields::Codec<_>>::encode($tag, value, buf);
                    })*
                }
            }

            #[inline]
            fn encoded_len(&self) -> ::core::primitive::usize {
                match self {
                    $(Self::$variant(value) => {
                        <$crate::fields::$codec $(<$enumeration>)? as $crate::fields::Codec<_>>::encoded_len($tag, value)
                    })*
                }
            }

            fn merge(
                held: &mut ::core::option::Option<Self>,
                tag: ::core::primitive::u32,
                wire_type: $crate::prost::encoding::WireType,
                unknown: &mut $crate::UnknownFields,
                buf: &mut impl $crate::prost::bytes::Buf,
                ctx: $crate::prost::encoding::DecodeContext,
            ) -> ::core::result::Result<(), $crate::prost::DecodeError> {
                match tag {
                    $($tag => {
                        if let ::core::option::Option::Some(Self::$variant(value)) = held {
                            <$crate::fields::$codec $(<$enumeration>)? as $crate::fields::Codec<_>>::merge(
                                tag, wire_type, value, unknown, buf, ctx,
                            )?;
                            return ::core::result::Result::Ok(());
                        }
                        let mut value = <$crate::fields::$codec $(<$enumeration>)? as $crate::fields::Codec<_>>::default();
                        let merged = <$crate::fields::$codec $(<$enumeration>)? as $crate::fields::Codec<_>>::merge(
                            tag, wire_type, &mut value, unknown, buf, ctx,
                        )?;
                        if let $crate::fields::Merged::Taken = merged {
                            *held = ::core::option::Option::Some(Self::$variant(value));
                        }
                        ::core::result::Result::Ok(())
                    })*
                    // Unreachable: the message passes only the numbers of members.
                    _ => $crate::fields::merge_unknown(unknown, tag, wire_type, buf, ctx),
                }
            }
        }
    };
    (@debug $oneof:ident {$($variant:ident: $codec:ident $(($enumeration:path))? = $tag:literal;)*}) => {
        #[allow(deprecated)]
        impl ::core::fmt::Debug for $oneof {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self {
                    $(Self::$variant(value) => f
                        .debug_tuple(::core::stringify!($variant))
                        .field(&$crate::fields::Shown::<$crate::fields::$codec $(<$enumeration>)?, _>(
                            value,
                            ::core::marker::PhantomData,
                        ))
                        .finish(),)*
                }
            }
        }
    };
}
