//! The tax calculator: one unary method, which returns errors with details.

use rgrpc::error_details::{BadRequest, StatusExt};
use rgrpc::{Code, Request, Response, Status};

use crate::proto::calculator::v1::calculator_service_server::CalculatorService;
use crate::proto::calculator::v1::{CalculateTaxRequest, CalculateTaxResponse};

/// Knows the standard rates of a few countries.
#[derive(Debug, Default)]
pub struct Calculator;

impl CalculatorService for Calculator {
    async fn calculate_tax(
        &self,
        request: Request<CalculateTaxRequest>,
    ) -> Result<Response<CalculateTaxResponse>, Status> {
        let CalculateTaxRequest { amount_cents, country_code } = request.into_inner();
        let percent = percent(&country_code).ok_or_else(|| unknown(&country_code))?;
        if amount_cents < 0 {
            return Err(Status::invalid_argument("the amount is negative"));
        }
        let total = |tax_cents| amount_cents.checked_add(tax_cents);
        let tax_cents = amount_cents.checked_mul(percent).map(|cents| cents / 100 + i64::from(cents % 100 >= 50));
        match tax_cents.and_then(|tax_cents| Some((tax_cents, total(tax_cents)?))) {
            Some((tax_cents, total_cents)) => Ok(Response::new(CalculateTaxResponse { tax_cents, total_cents })),
            None => Err(Status::invalid_argument("the amount is too large")),
        }
    }
}

fn unknown(country_code: &str) -> Status {
    let violation = BadRequest::with_violation("country_code", "one of DE, ES, FR and HU");
    let text = format!("no tax rate is known for country `{country_code}`");
    Status::with_error_details_vec(Code::InvalidArgument, text, [violation.into()])
}

fn percent(country_code: &str) -> Option<i64> {
    match country_code {
        "DE" => Some(19),
        "ES" => Some(21),
        "FR" => Some(20),
        "HU" => Some(27),
        _ => None,
    }
}
