//! Decides the constants of `prost::Name` for each message of a package.

use rgrpc_schema::full_name::{last_part, scope};

use crate::model::{Package, TypeName};
use crate::options::Options;
use crate::rust_type::RustType;

pub(super) fn of(package: &Package, options: &Options, found: &[(String, RustType)]) -> Vec<TypeName> {
    let scope = scope(&package.name);
    let type_name = |(proto, ty): &(String, RustType)| {
        let (name, full_name) = (last_part(proto).to_owned(), &proto[1..]);
        let is_nested = *proto != format!("{scope}.{name}");
        let domain = options.type_name_domain.most_specific(proto);
        TypeName {
            name_trait: RustType::absolute(&format!("{}::Name", options.prost_path)),
            string: RustType::absolute(&format!("{}::alloc::string::String", options.prost_path)),
            ty: ty.clone(),
            package: package.name.clone(),
            name,
            full_name: is_nested.then(|| full_name.to_owned()),
            url: domain.map(|domain| format!("{domain}/{full_name}")),
        }
    };
    found.iter().map(type_name).collect()
}
